package rest

import (
	"bytes"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

const (
	maxAnswer = 64 << 20  // bytes of a 2xx body; a page of 200 members has some 100 KB
	maxError  = 256 << 10 // bytes of any other body
	// maxUnderWay is the most bytes of all answers that are read and decoded at
	// the same time: 64 requests with 8 MiB each.
	maxUnderWay = 512 << 20
)

var errTooMuch = fmt.Errorf("the answers that are read at the same time take more than %d MiB", maxUnderWay>>20)

// countedReader counts what is read of one answer among all those under way,
// and ends with an error where they are too much together.
type countedReader struct {
	io.Reader
	all *atomic.Int64
	own int64
}

func (r *countedReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.own += int64(n)
	if r.all.Add(int64(n)) > maxUnderWay {
		return n, errTooMuch
	}
	return n, err
}

func (r *countedReader) release() { r.all.Add(-r.own) }

// bufferPool keeps the buffers that answers are read into: one for each
// request in flight, whatever the number of answers.
type bufferPool struct{ pool sync.Pool }

var buffers bufferPool

func (p *bufferPool) Get() *bytes.Buffer {
	if b, ok := p.pool.Get().(*bytes.Buffer); ok {
		b.Reset()
		return b
	}
	return new(bytes.Buffer)
}

func (p *bufferPool) Put(b *bytes.Buffer) {
	const largestKept = 4 << 20
	if b.Cap() <= largestKept {
		p.pool.Put(b)
	}
}
