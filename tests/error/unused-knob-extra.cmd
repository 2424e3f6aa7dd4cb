weft check tests/error/unused-knob-extra.yaml
