weft completion fish
