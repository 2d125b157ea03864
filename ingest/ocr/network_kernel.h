// The arithmetic of the network, compiled once for each kind of processor:
// network.cpp includes this file in a namespace of its own, with the
// instructions chosen by a pragma and dot() defined for them. There is no
// include guard for that reason.

// tabled looks eight values up in a table of a function on [0, 16), by straight
// lines between its points; beyond the table the function is one.
static inline __m256 tabled(const Point *table, __m256 x) {
  const __m256 one = _mm256_set1_ps(1);
  x = _mm256_mul_ps(x, _mm256_set1_ps(kSteps));
  const __m256 inside = _mm256_cmp_ps(x, _mm256_set1_ps(kPoints - 1), _CMP_LT_OQ);
  x = _mm256_min_ps(x, _mm256_set1_ps(kPoints - 2));
  const __m256i index = _mm256_cvttps_epi32(x);
  const auto *pairs = reinterpret_cast<const long long *>(table);
  const __m256 a = _mm256_castsi256_ps(_mm256_i32gather_epi64(pairs, _mm256_castsi256_si128(index), 8));
  const __m256 b = _mm256_castsi256_ps(_mm256_i32gather_epi64(pairs, _mm256_extracti128_si256(index, 1), 8));
  // Within halves: 0 1 4 5, 2 3 6 7.
  const __m256i order = _mm256_setr_epi32(0, 1, 4, 5, 2, 3, 6, 7);
  const __m256 low = _mm256_permutevar8x32_ps(_mm256_shuffle_ps(a, b, 0x88), order);
  const __m256 rise = _mm256_permutevar8x32_ps(_mm256_shuffle_ps(a, b, 0xdd), order);
  const __m256 part = _mm256_sub_ps(x, _mm256_cvtepi32_ps(index));
  const __m256 y = _mm256_add_ps(low, _mm256_mul_ps(rise, part));
  return _mm256_blendv_ps(one, y, inside);
}

static inline __m256 sign_of(__m256 x) { return _mm256_and_ps(x, _mm256_set1_ps(-0.0f)); }

static inline __m256 tanh_of(__m256 x) {
  const __m256 sign = sign_of(x);
  return _mm256_xor_ps(tabled(tables.tanh, _mm256_xor_ps(x, sign)), sign);
}

static inline __m256 logistic_of(__m256 x) {
  const __m256 sign = sign_of(x);
  const __m256 y = tabled(tables.logistic, _mm256_xor_ps(x, sign));
  return _mm256_blendv_ps(y, _mm256_sub_ps(_mm256_set1_ps(1), y), sign);
}

// store_quantized writes eight values of [-1, 1] as bytes.
static inline void store_quantized(uint8_t *out, __m256 x) {
  const __m256 sign = sign_of(x);
  const __m256 size = _mm256_xor_ps(_mm256_mul_ps(x, _mm256_set1_ps(127)), sign);
  const __m256i whole = _mm256_cvttps_epi32(_mm256_add_ps(size, _mm256_set1_ps(0.5f)));
  const __m256i n = _mm256_cvttps_epi32(_mm256_or_ps(_mm256_cvtepi32_ps(whole), sign));
  const __m256i bytes = _mm256_add_epi32(n, _mm256_set1_epi32(kZero));
  const __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(bytes), _mm256_extracti128_si256(bytes, 1));
  _mm_storel_epi64(reinterpret_cast<__m128i *>(out), _mm_packus_epi16(words, words));
}

static inline __m256i load(const void *p) { return _mm256_loadu_si256(static_cast<const __m256i *>(p)); }

// multiply adds the products of the matrix with n vectors to sums, whose lines
// are sums_stride apart. What they begin with is in from, likewise.
static void multiply(const Weights &w, const uint8_t *in, size_t in_stride, int n, const int32_t *from,
                     size_t from_stride, int32_t *sums, size_t sums_stride) {
  for (int block = 0; block < w.blocks; block++) {
    const int8_t *weights = w.packed.data() + static_cast<size_t>(block) * w.quads * kBlock * 4;
    for (int t = 0; t < n; t++) {
      const uint8_t *a = in + t * in_stride;
      const int32_t *f = from + t * from_stride + block * kBlock;
      __m256i sum[kBlock / 8];
      for (int k = 0; k < kBlock / 8; k++) sum[k] = load(f + 8 * k);
      const int8_t *p = weights;
      for (int q = 0; q < w.quads; q++, p += kBlock * 4) {
        int32_t four;
        memcpy(&four, a + 4 * q, 4);
        const __m256i x = _mm256_set1_epi32(four);
        for (int k = 0; k < kBlock / 8; k++) sum[k] = dot(sum[k], x, load(p + 32 * k));
      }
      int32_t *out = sums + t * sums_stride + block * kBlock;
      for (int k = 0; k < kBlock / 8; k++) _mm256_storeu_si256(reinterpret_cast<__m256i *>(out + 8 * k), sum[k]);
    }
  }
}

static inline __m256 scaled(const int32_t *sums, const float *scales) {
  return _mm256_mul_ps(_mm256_cvtepi32_ps(load(sums)), _mm256_loadu_ps(scales));
}

// step takes a cell over one point of time: from the sums of its four gates to
// its new state and output.
static void step(const Cell &c, const int32_t *sums, float *state, uint8_t *out) {
  const float *scales = c.input.scales.data();
  const __m256 most = _mm256_set1_ps(100), least = _mm256_set1_ps(-100);
  for (int i = 0; i < c.units; i += 8) {
    const int gi = c.units + i, gf = 2 * c.units + i, go = 3 * c.units + i;
    const __m256 value = tanh_of(scaled(sums + i, scales + i));
    const __m256 take = logistic_of(scaled(sums + gi, scales + gi));
    const __m256 keep = logistic_of(scaled(sums + gf, scales + gf));
    const __m256 show = logistic_of(scaled(sums + go, scales + go));
    __m256 s = _mm256_mul_ps(_mm256_loadu_ps(state + i), keep);
    s = _mm256_add_ps(s, _mm256_mul_ps(value, take));
    s = _mm256_max_ps(least, _mm256_min_ps(most, s));
    _mm256_storeu_ps(state + i, s);
    store_quantized(out + i, _mm256_mul_ps(tanh_of(s), show));
  }
}

// along runs a cell over n vectors, forwards or from the last to the first.
static void along(const Cell &c, const uint8_t *in, size_t in_stride, int n, bool backwards, uint8_t *out, Buffers &b) {
  const size_t gates = 4 * c.units;
  b.sums.resize(gates * n);
  b.now.resize(gates);
  b.state.assign(c.units, 0);
  b.nothing.assign(c.units, kZero);
  multiply(c.input, in, in_stride, n, c.input.bias.data(), 0, b.sums.data(), gates);
  const uint8_t *last = b.nothing.data();
  for (int i = 0; i < n; i++) {
    const int t = backwards ? n - 1 - i : i;
    multiply(c.recurrent, last, 0, 1, b.sums.data() + t * gates, 0, b.now.data(), 0);
    uint8_t *o = out + static_cast<size_t>(t) * c.units;
    step(c, b.now.data(), b.state.data(), o);
    last = o;
  }
}

// down runs a cell down each of n columns of in, which holds rows lines of n
// vectors, and writes its last output of each column.
static void down(const Cell &c, const uint8_t *in, int rows, int n, uint8_t *out, Buffers &b) {
  const int together = 32; // columns whose sums stay in the nearest cache
  const size_t gates = 4 * c.units, depth = c.input.inputs;
  b.sums.resize(gates * together);
  for (int from = 0; from < n; from += together) {
    const int cols = std::min(together, n - from);
    uint8_t *o = out + static_cast<size_t>(from) * c.units;
    memset(o, kZero, static_cast<size_t>(cols) * c.units);
    b.state.assign(static_cast<size_t>(cols) * c.units, 0);
    for (int y = 0; y < rows; y++) {
      multiply(c.input, in + (static_cast<size_t>(y) * n + from) * depth, depth, cols, c.input.bias.data(), 0, b.sums.data(), gates);
      multiply(c.recurrent, o, c.units, cols, b.sums.data(), gates, b.sums.data(), gates);
      for (int x = 0; x < cols; x++) step(c, b.sums.data() + x * gates, b.state.data() + x * c.units, o + x * c.units);
    }
  }
}

// pool runs the convolution over three lines of windows and keeps the largest of
// every three by three: the function behind it rises, so it is taken afterwards.
static void pool(const Weights &w, const uint8_t *const lines[3], int n, uint8_t *out) {
  const int8_t *p = w.packed.data();
  const float *scales = w.scales.data();
  __m256i weights[kQuads][2];
  for (int q = 0; q < kQuads; q++) {
    for (int k = 0; k < 2; k++) weights[q][k] = load(p + q * kBlock * 4 + 32 * k);
  }
  for (int x = 0; x < n; x++, out += kFeatures) {
    __m256i most[2] = {_mm256_set1_epi32(INT32_MIN), _mm256_set1_epi32(INT32_MIN)};
    for (int y = 0; y < 3; y++) {
      const uint8_t *window = lines[y] + static_cast<size_t>(x) * 3 * kWindow;
      for (int i = 0; i < 3; i++, window += kWindow) {
        __m256i sum[2] = {load(w.bias.data()), load(w.bias.data() + 8)};
        for (int q = 0; q < kQuads; q++) {
          int32_t four;
          memcpy(&four, window + 4 * q, 4);
          const __m256i a = _mm256_set1_epi32(four);
          sum[0] = dot(sum[0], a, weights[q][0]);
          sum[1] = dot(sum[1], a, weights[q][1]);
        }
        most[0] = _mm256_max_epi32(most[0], sum[0]);
        most[1] = _mm256_max_epi32(most[1], sum[1]);
      }
    }
    for (int k = 0; k < 2; k++) {
      store_quantized(out + 8 * k, tanh_of(_mm256_mul_ps(_mm256_cvtepi32_ps(most[k]), _mm256_loadu_ps(scales + 8 * k))));
    }
  }
}

static const Kernel kernel = {multiply, along, down, pool};
