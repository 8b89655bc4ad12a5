package wire

import (
	"encoding/binary"
	"math"
	"reflect"

	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// Text is a text that is made only when it is written: 600,000 lines are 60 MB, and the
// result with them is in memory twice already, the second time in gRPC's message. The
// zero value is the empty text.
type Text struct {
	size  int
	write func(emit func(part []byte)) error
}

// AppendText appends the whole text.
func (t Text) AppendText(b []byte) ([]byte, error) {
	if t.write == nil {
		return b, nil
	}
	err := t.write(func(part []byte) { b = append(b, part...) })
	return b, err
}

// String returns the whole text.
func (t Text) String() string {
	b, _ := t.AppendText(make([]byte, 0, t.size)) // no error: CSV has written it once, to count
	return string(b)
}

// writeLazyText writes a Text part by part. It does not write it to count, since its size
// is known.
func writeLazyText(w *writer, v reflect.Value) (err error) {
	t := withMethods(v).(*Text) //nolint:forcetypeassert // planType checked it
	if err := w.writeTextLen(t.size); err != nil {
		return err
	}
	switch {
	case t.write == nil:
	case w.counting:
		w.size += t.size
	default:
		w.bytes, err = t.AppendText(w.bytes)
	}
	return err
}

// writeTextLen writes the msgpack header of a text of n bytes, which msgpack's encoder
// writes only together with the text.
func (w *writer) writeTextLen(n int) error {
	var code []byte
	switch {
	case n < 32:
		code = append(w.text[:0], msgpcode.FixedStrLow|byte(n))
	case n <= math.MaxUint8:
		code = append(w.text[:0], msgpcode.Str8, byte(n))
	case n <= math.MaxUint16:
		code = binary.BigEndian.AppendUint16(append(w.text[:0], msgpcode.Str16), uint16(n))
	default: // resultLimit fits into 32 bits
		code = binary.BigEndian.AppendUint32(append(w.text[:0], msgpcode.Str32), uint32(n))
	}
	_, err := w.Write(code)
	return err
}
