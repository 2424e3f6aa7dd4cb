weft check tests/error/bad-knob-empty.yaml
