weft convert scalesim {tmp}/t.cfg
file t.cfg [architecture_presets]\nArrayHeight: 16\nDataflow: rs\n
