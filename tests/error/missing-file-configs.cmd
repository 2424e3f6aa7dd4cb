weft list archs
env WEFT_CONFIGS=tests/error/absent
