weft check tests/error/too-deep-brackets.yaml
