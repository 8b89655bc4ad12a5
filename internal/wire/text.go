package wire

import (
	"encoding/binary"
	"math"
	"reflect"

	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// Text is a text that exists only where it is written to: 600,000 lines are 60 MB,
// and the result that has them is held twice already, by gRPC the second time. Its
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

// String is the whole text.
func (t Text) String() string {
	b, _ := t.AppendText(make([]byte, 0, t.size)) // it was written before, to be counted
	return string(b)
}

// writeLazyText writes a Text part by part, and to count it not at all.
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

// writeTextLen writes what stands before a text of n bytes. The encoder of msgpack
// writes it with the text only.
func (w *writer) writeTextLen(n int) error {
	var code []byte
	switch {
	case n < 32:
		code = append(w.text[:0], msgpcode.FixedStrLow|byte(n))
	case n <= math.MaxUint8:
		code = append(w.text[:0], msgpcode.Str8, byte(n))
	case n <= math.MaxUint16:
		code = binary.BigEndian.AppendUint16(append(w.text[:0], msgpcode.Str16), uint16(n))
	default: // resultLimit is less than what 32 bits can say
		code = binary.BigEndian.AppendUint32(append(w.text[:0], msgpcode.Str32), uint32(n))
	}
	_, err := w.Write(code)
	return err
}
