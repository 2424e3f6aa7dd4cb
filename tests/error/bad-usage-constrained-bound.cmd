weft map --arch gemmini --network tiny_cnn --bound-only --constraints nvdla_like
