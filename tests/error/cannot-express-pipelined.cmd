weft convert timeloop {tmp}/a.yaml
file a.yaml architecture:\n  nodes:\n    - !Component\n      name: DRAM\n      class: DRAM\n    - !Pipelined\n      nodes: []\n
