// What Go and the network's arithmetic say to each other.
#ifndef SOHOA_NETWORK_H
#define SOHOA_NETWORK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A matrix as the model file has it: rows of inputs+1 weights, the last of which
// is the bias, and a scale a row.
typedef struct {
  int outputs, inputs;
  const int8_t *weights;
  const float *scales;
} sohoa_matrix;

enum { SOHOA_MATRICES = 18 }; // the convolution, four gates of four cells, the output

// sohoa_network_load takes over a network, laid out as
// [1,36,0,1Ct3,3,16Mp3,3LfysALfxBLrxCLfxDO1cN]. seed is where its noise begins;
// older has it computed as on a processor without the newest instructions. It
// returns 0, or 1 when this processor or this Tesseract is not one that the
// arithmetic was written for.
int sohoa_network_load(const sohoa_matrix *matrices, uint64_t seed, int older);

// sohoa_network_check has lines computed both ways from now on, the library's
// result being used.
void sohoa_network_check(void);

// sohoa_network_use ends the check. It returns how many lines were the same to the
// last bit, or -1 when one was not; if some were and all, the own arithmetic is
// used from now on.
int sohoa_network_use(void);

// sohoa_network_off gives all lines to the library's own arithmetic.
void sohoa_network_off(void);

#ifdef __cplusplus
}
#endif

#endif
