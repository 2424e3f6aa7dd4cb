// See low_rank.hpp. Singular vectors are eigenvectors of the Gram matrix of the smaller side, in double
// precision; what is left of the words is a projection, exact at full rank whatever their accuracy.
// SPDX-License-Identifier: Apache-2.0
#include "workload/compress/low_rank.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace weft::compress {
namespace {

using Words = std::vector<float>;
using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Floats = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Words flat(const Matrix& matrix) {
  Words words(static_cast<std::size_t>(matrix.size()));
  std::transform(matrix.data(), matrix.data() + matrix.size(), words.begin(),
                 [](double value) { return static_cast<float>(value); });
  return words;
}

// The `count` leading eigenvectors of a symmetric matrix, as columns, the largest first.
Matrix leading(const Matrix& gram, std::int64_t count) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram);
  return solver.eigenvectors().rowwise().reverse().leftCols(count);  // they come in ascending order
}

// The words of one tap as a matrix [out][in].
Matrix tap(const Words& words, const KernelSize& size, std::int64_t at) {
  using Stride = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
  return Eigen::Map<const Floats, 0, Stride>(words.data() + at, size.out, size.in,
                                             Stride(size.in * size.taps, size.taps))
      .cast<double>();
}

}  // namespace

LowRank low_rank(const Words& words, std::int64_t rows, std::int64_t columns, std::int64_t rank) {
  const Matrix a = Eigen::Map<const Floats>(words.data(), rows, columns).cast<double>();
  Matrix first, second;
  if (columns <= rows) {
    const Matrix v = leading(a.transpose() * a, rank);
    first = a * v;
    second = v.transpose();
  } else {
    first = leading(a * a.transpose(), rank);
    second = first.transpose() * a;
  }
  const double norm = a.norm();
  return {flat(first), flat(second), norm == 0 ? 0 : (a - first * second).norm() / norm};
}

Tucker2 tucker2(const Words& words, const KernelSize& size, std::int64_t in_rank, std::int64_t out_rank) {
  Matrix by_out = Matrix::Zero(size.out, size.out);
  Matrix by_in = Matrix::Zero(size.in, size.in);
  for (std::int64_t t = 0; t < size.taps; ++t) {
    const Matrix w = tap(words, size, t);
    by_out += w * w.transpose();
    by_in += w.transpose() * w;
  }
  const Matrix u = leading(by_out, out_rank), v = leading(by_in, in_rank);
  Words core(static_cast<std::size_t>(out_rank * in_rank * size.taps));
  double error = 0, whole = 0;
  for (std::int64_t t = 0; t < size.taps; ++t) {
    const Matrix w = tap(words, size, t);
    const Matrix c = u.transpose() * w * v;
    error += (w - u * c * v.transpose()).squaredNorm();
    whole += w.squaredNorm();
    for (std::int64_t i = 0; i < c.size(); ++i) {
      core[static_cast<std::size_t>(i * size.taps + t)] = static_cast<float>(c.data()[i]);
    }
  }
  return {flat(v.transpose()), std::move(core), flat(u), whole == 0 ? 0 : std::sqrt(error / whole)};
}

}  // namespace weft::compress
