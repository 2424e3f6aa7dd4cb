weft convert timeloop {tmp}/m.yaml --arch timeloop:tests/fixtures/formats/conv1d_arch_v3.yaml --network timeloop:tests/fixtures/formats/conv1d_problem.yaml
file m.yaml mapping:\n  - {target: GlobalBufer, type: temporal, factors: K=2, permutation: K}\n  - {target: MainMemory, type: temporal, factors: K=x, permutation: KZ}\n
