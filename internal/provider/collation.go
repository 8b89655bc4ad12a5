package provider

import (
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// A collation is what makes keys of texts. A Collator is not safe for concurrent use.
type collation struct {
	collator *collate.Collator
	buffer   collate.Buffer
}

var collations = sync.Pool{New: func() any {
	// Of no language: every machine sorts alike.
	return &collation{collator: collate.New(language.Und, collate.IgnoreCase)}
}}

// collationKey returns a text whose bytes are in the order of the alphabet, where
// Émile stands before Zoe, and anna is Anna.
func collationKey(text string) string {
	c := collations.Get().(*collation) //nolint:forcetypeassert // what New makes
	defer collations.Put(c)
	c.buffer.Reset()
	return string(c.collator.KeyFromString(&c.buffer, text))
}
