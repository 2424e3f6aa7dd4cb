weft check tests/error/bad-unit-knob.yaml
