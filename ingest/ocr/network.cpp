// The network of Tesseract's LSTM models, computed several times faster than
// the library does and with the same result to the last bit: integers are summed
// in any order alike, and what is rounded is rounded in the library's order.
//
// The library is entered where it runs a network: a program's own definition of
// a function takes precedence over that of a shared library, so Forward below is
// what the library calls. It looks into two of the library's classes, whose
// layout is that of the versions named in known(); for all others, and until a
// check has shown both to agree, the library's own function is called.

#include "network.h"

#include <dlfcn.h>
#include <leptonica/allheaders.h>
#include <tesseract/baseapi.h>

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstring>
#include <random>
#include <vector>

// A product and a sum are rounded one by one, as in the library.
#pragma GCC optimize("fp-contract=off")

namespace {

const int kHeight = 36;   // of a line's picture
const int kFeatures = 16; // of the convolution
const int kQuads = 3;     // of four inputs each: a window of nine, and three without weight
const int kWindow = 4 * kQuads;
const int kBlock = 64;    // outputs whose sums fit into the registers at once
const int kZero = 128;    // values from -127 to 127 are kept as bytes from 1 to 255
const int kPoints = 4096; // of the tables of functions
const float kSteps = 256; // points from 0 to 1

// Point is the value of a function, and how far it rises to the next point.
struct Point {
  float value, rise;
};

struct Tables {
  Point tanh[kPoints], logistic[kPoints];
  Tables() {
    for (int i = 0; i < kPoints; i++) {
      tanh[i].value = static_cast<float>(std::tanh(i / 256.0));
      logistic[i].value = static_cast<float>(1 / (1 + std::exp(-i / 256.0)));
    }
    for (int i = 0; i + 1 < kPoints; i++) {
      tanh[i].rise = tanh[i + 1].value - tanh[i].value;
      logistic[i].rise = logistic[i + 1].value - logistic[i].value;
    }
  }
};
const Tables tables;

// Weights is a matrix made ready: blocks of outputs; within, four inputs at a
// time; within, the outputs.
struct Weights {
  int inputs = 0, outputs = 0, quads = 0, blocks = 0;
  std::vector<int8_t> packed;
  std::vector<int32_t> bias; // with what the bytes are above their values
  std::vector<float> scales;
};

struct Cell {
  int units = 0;
  Weights input, recurrent;
};

struct Buffers {
  std::vector<int32_t> sums, now;
  std::vector<float> state;
  std::vector<uint8_t> nothing;
};

// pack takes the columns [from, to) of matrices of equal width that stand below
// each other.
Weights pack(const sohoa_matrix *m, int matrices, int from, int to, bool bias) {
  Weights w;
  w.inputs = to - from;
  for (int i = 0; i < matrices; i++) w.outputs += m[i].outputs;
  w.quads = (w.inputs + 3) / 4;
  w.blocks = (w.outputs + kBlock - 1) / kBlock;
  const int padded = w.blocks * kBlock;
  w.packed.assign(static_cast<size_t>(padded) * w.quads * 4, 0);
  w.bias.assign(padded, 0);
  w.scales.assign(padded, 0);
  int out = 0;
  for (int i = 0; i < matrices; i++) {
    for (int r = 0; r < m[i].outputs; r++, out++) {
      const int8_t *row = m[i].weights + static_cast<size_t>(r) * (m[i].inputs + 1);
      w.scales[out] = m[i].scales[r];
      if (bias) w.bias[out] = 127 * row[m[i].inputs];
      for (int c = 0; c < w.inputs; c++) {
        w.bias[out] -= kZero * row[from + c];
        const size_t at = (static_cast<size_t>(out / kBlock) * w.quads + c / 4) * kBlock + out % kBlock;
        w.packed[at * 4 + c % 4] = row[from + c];
      }
    }
  }
  return w;
}

Cell cell(const sohoa_matrix *gates, int inputs) {
  Cell c;
  c.units = gates[0].outputs;
  c.input = pack(gates, 4, 0, inputs, true);
  c.recurrent = pack(gates, 4, inputs, inputs + c.units, false);
  // What the recurrent inputs are above their values goes with the bias.
  for (size_t i = 0; i < c.input.bias.size(); i++) c.input.bias[i] += c.recurrent.bias[i];
  return c;
}

struct Kernel {
  void (*multiply)(const Weights &, const uint8_t *, size_t, int, const int32_t *, size_t, int32_t *, size_t);
  void (*along)(const Cell &, const uint8_t *, size_t, int, bool, uint8_t *, Buffers &);
  void (*down)(const Cell &, const uint8_t *, int, int, uint8_t *, Buffers &);
  void (*pool)(const Weights &, const uint8_t *const[3], int, uint8_t *);
};

} // namespace

#ifdef __x86_64__
#include <immintrin.h>

#pragma GCC push_options
#pragma GCC target("avx2,avx512f,avx512vl,avx512bw,avx512vnni")
namespace {
namespace vnni {
static inline __m256i dot(__m256i sum, __m256i bytes, __m256i weights) { return _mm256_dpbusd_epi32(sum, bytes, weights); }
#include "network_kernel.h"
} // namespace vnni
} // namespace
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx2")
namespace {
namespace avx2 {
// dot adds up four products in each 32 bits; in 16 bits they would not fit.
static inline __m256i dot(__m256i sum, __m256i bytes, __m256i weights) {
  const __m256i even = _mm256_madd_epi16(_mm256_and_si256(bytes, _mm256_set1_epi16(0xff)),
                                         _mm256_srai_epi16(_mm256_slli_epi16(weights, 8), 8));
  const __m256i odd = _mm256_madd_epi16(_mm256_srli_epi16(bytes, 8), _mm256_srai_epi16(weights, 8));
  return _mm256_add_epi32(sum, _mm256_add_epi32(even, odd));
}
#include "network_kernel.h"
} // namespace avx2
} // namespace
#pragma GCC pop_options
#endif

namespace {

// kernel returns the best of the kernels that this processor can run, nullptr when
// there is none.
const Kernel *kernel(bool older) {
#ifdef __x86_64__
  if (!older && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")) {
    return &vnni::kernel;
  }
  if (__builtin_cpu_supports("avx2")) return &avx2::kernel;
#endif
  (void)older;
  return nullptr;
}

// Noise is what the library puts in the place of pixels outside of a line: pseudo-
// random numbers, begun anew for each line.
struct Noise {
  std::minstd_rand numbers;
  explicit Noise(uint64_t seed) {
    numbers.seed(seed);
    numbers();
  }
  uint8_t value() {
    const double v = 127 * 2.0 * static_cast<int32_t>(numbers()) / INT32_MAX - 127;
    return kZero + (v >= 0 ? static_cast<int>(v + 0.5) : -static_cast<int>(-v + 0.5));
  }
};

struct Network {
  const Kernel *kernel;
  Weights convolution, output;
  Cell down, right, left, last;
  uint64_t seed;

  Buffers buffers;
  std::vector<uint8_t> columns, windows[3], pooled, in, out;
  std::vector<int32_t> sums;

  void run(const int8_t *picture, int width, float *result);
  void line(const int8_t *picture, int width, int y, Noise &noise, uint8_t *windows);
};

// line writes the window of three by three pixels around each pixel of line y,
// column by column.
void Network::line(const int8_t *picture, int width, int y, Noise &noise, uint8_t *out) {
  columns.resize(static_cast<size_t>(width) * 3 + kWindow);
  for (int dy = -1; dy <= 1; dy++) {
    if (y + dy < 0 || y + dy >= kHeight) continue;
    const int8_t *from = picture + static_cast<size_t>(y + dy) * width;
    for (int x = 0; x < width; x++) columns[3 * x + dy + 1] = static_cast<uint8_t>(from[x] + kZero);
  }
  for (int x = 0; x < width; x++, out += kWindow) {
    if (x > 0) {
      memcpy(out, columns.data() + 3 * (x - 1), kWindow);
    } else {
      memcpy(out + 3, columns.data(), kWindow - 3);
    }
    if (x > 0 && x + 1 < width && y > 0 && y + 1 < kHeight) continue;
    for (int dx = 0; dx < 3; dx++) {
      for (int dy = 0; dy < 3; dy++) {
        const int px = x + dx - 1, py = y + dy - 1;
        if (px < 0 || px >= width || py < 0 || py >= kHeight) out[3 * dx + dy] = noise.value();
      }
    }
  }
}

// run computes the probabilities of all signs for each third column of a line.
void Network::run(const int8_t *picture, int width, float *result) {
  Noise noise(seed);
  const int n = width / 3, rows = kHeight / 3;
  pooled.resize(static_cast<size_t>(rows) * n * kFeatures);
  for (auto &w : windows) w.resize(static_cast<size_t>(width) * kWindow);
  for (int y = 0; y < rows; y++) {
    const uint8_t *lines[3];
    for (int i = 0; i < 3; i++) {
      line(picture, width, 3 * y + i, noise, windows[i].data());
      lines[i] = windows[i].data();
    }
    kernel->pool(convolution, lines, n, pooled.data() + static_cast<size_t>(y) * n * kFeatures);
  }
  const int widest = std::max({down.units, right.units, left.units, last.units});
  in.resize(static_cast<size_t>(n) * widest);
  out.resize(static_cast<size_t>(n) * widest);
  kernel->down(down, pooled.data(), rows, n, in.data(), buffers);
  kernel->along(right, in.data(), down.units, n, false, out.data(), buffers);
  kernel->along(left, out.data(), right.units, n, true, in.data(), buffers);
  kernel->along(last, in.data(), left.units, n, false, out.data(), buffers);
  const int padded = output.blocks * kBlock, signs = output.outputs;
  sums.resize(static_cast<size_t>(padded) * n);
  kernel->multiply(output, out.data(), last.units, n, output.bias.data(), 0, sums.data(), padded);
  for (int t = 0; t < n; t++, result += signs) {
    const int32_t *sum = sums.data() + static_cast<size_t>(t) * padded;
    for (int i = 0; i < signs; i++) result[i] = static_cast<float>(sum[i]) * output.scales[i];
    const float most = *std::max_element(result, result + signs);
    float total = 0;
    for (int i = 0; i < signs; i++) {
      result[i] = std::exp(std::max(-86.0f, result[i] - most));
      total += result[i];
    }
    for (int i = 0; i < signs; i++) result[i] /= total;
  }
}

// A child reads one line at a time, so that these need no lock.
enum Mode { kOff, kCheck, kOwn };
Mode mode = kOff;
int agreed = 0; // lines since the check began; -1 once one was not the same
Network *network = nullptr;

} // namespace

namespace tesseract {

class TransposedArray;
class NetworkScratch;

// Array is the head of the library's two-dimensional arrays.
template <typename T> struct Array {
  void *methods;
  T *values;
  T empty;
  int rows, columns, room;
};

// NetworkIO is the head of what goes into a network and comes out.
class NetworkIO {
public:
  void Resize2d(bool int_mode, int width, int num_features);
  Array<float> floats;
  Array<int8_t> bytes;
  bool of_bytes;
};

class Series {
public:
  void Forward(bool debug, const NetworkIO &input, const TransposedArray *transposed, NetworkScratch *scratch, NetworkIO *output);
};

using ForwardFunction = void (*)(Series *, bool, const NetworkIO &, const TransposedArray *, NetworkScratch *, NetworkIO *);

static ForwardFunction library_forward() {
  static const auto f = reinterpret_cast<ForwardFunction>(dlsym(
      RTLD_NEXT, "_ZN9tesseract6Series7ForwardEbRKNS_9NetworkIOEPKNS_15TransposedArrayEPNS_14NetworkScratchEPS1_"));
  return f;
}

// checking is whether a line is being computed by the library for comparison,
// which comes back here for the networks within the network.
static bool checking = false;

void Series::Forward(bool debug, const NetworkIO &input, const TransposedArray *transposed, NetworkScratch *scratch,
                     NetworkIO *output) {
  const int width = input.bytes.rows / kHeight;
  const bool whole = network != nullptr && mode != kOff && !checking && input.of_bytes && input.bytes.columns == 1 &&
                     input.bytes.rows == width * kHeight && width >= 3;
  if (!whole) {
    library_forward()(this, debug, input, transposed, scratch, output);
    return;
  }
  const int n = width / 3, signs = network->output.outputs;
  if (mode == kOwn) {
    output->Resize2d(false, n, signs);
    network->run(input.bytes.values, width, output->floats.values);
    return;
  }
  checking = true;
  library_forward()(this, debug, input, transposed, scratch, output);
  checking = false;
  std::vector<float> own(static_cast<size_t>(n) * signs);
  network->run(input.bytes.values, width, own.data());
  const bool same = !output->of_bytes && output->floats.rows == n && output->floats.columns == signs &&
                    memcmp(own.data(), output->floats.values, own.size() * sizeof(float)) == 0;
  agreed = same && agreed >= 0 ? agreed + 1 : -1;
}

} // namespace tesseract

// known are the versions of the library whose classes are laid out as above.
static bool known() { return strncmp(tesseract::TessBaseAPI::Version(), "5.3.", 4) == 0; }

int sohoa_network_load(const sohoa_matrix *m, uint64_t seed, int older) {
  const Kernel *k = kernel(older != 0);
  if (k == nullptr || !known() || tesseract::library_forward() == nullptr) return 1;
  auto *n = new Network();
  n->kernel = k;
  n->seed = seed;
  n->convolution = pack(m, 1, 0, m[0].inputs, true);
  n->down = cell(m + 1, kFeatures);
  n->right = cell(m + 5, n->down.units);
  n->left = cell(m + 9, n->right.units);
  n->last = cell(m + 13, n->left.units);
  n->output = pack(m + 17, 1, 0, m[17].inputs, true);
  delete network;
  network = n;
  mode = kOff;
  return 0;
}

void sohoa_network_check(void) {
  agreed = 0;
  mode = kCheck;
}

int sohoa_network_use(void) {
  mode = agreed > 0 ? kOwn : kOff;
  return agreed;
}

void sohoa_network_off(void) { mode = kOff; }

// pixWriteMem stands in for Leptonica's. The library writes and reads every line
// as a PNG between finding and reading it; a picture as it lies in memory serves
// as well and costs nothing.
extern "C" l_ok pixWriteMem(l_uint8 **data, size_t *size, PIX *pix, l_int32 format) {
  using Function = l_ok (*)(l_uint8 **, size_t *, PIX *, l_int32);
  static const auto library = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "pixWriteMem"));
  if (format == IFF_PNG) return pixWriteMemSpix(data, size, pix);
  return library(data, size, pix, format);
}
