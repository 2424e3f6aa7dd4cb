weft report
