weft check tests/error/bounds-miss-dim-highs.yaml --arch eyeriss
