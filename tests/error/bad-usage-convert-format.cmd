weft convert timelop a.yaml
