// SPDX-License-Identifier: Apache-2.0
#include "mapper/batch/targets.hpp"

#include "base/error.hpp"

namespace weft::batch {

std::string_view name_of(Target target) {
  switch (target) {
    case Target::kPlain:
      return "plain";
    case Target::kAvx2:
      return "avx2";
    case Target::kAvx512:
      return "avx512";
  }
  WEFT_ENSURE(false, "not a target");
}

std::vector<Target> targets() {
  std::vector<Target> result = {Target::kPlain};
#ifdef WEFT_BATCH_X86
  if (__builtin_cpu_supports("avx2")) {
    result.push_back(Target::kAvx2);
  }
  if (__builtin_cpu_supports("avx512f")) {
    result.push_back(Target::kAvx512);
  }
#endif
  return result;
}

Kernels kernels_for(Target target) {
#ifdef WEFT_BATCH_X86
  if (target != Target::kPlain) {
    return target == Target::kAvx2 ? avx2::kernels() : avx512::kernels();
  }
#endif
  WEFT_ENSURE(target == Target::kPlain, "a target that this build lacks");
  return plain::kernels();
}

}  // namespace weft::batch
