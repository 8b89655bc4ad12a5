package rest

import (
	"bytes"
	"errors"
	"html"
	"net/url"
	"regexp"
	"strings"
)

// secret knows a key as a server may send it back: whole, in part, or escaped.
// It has functions and no text, since fmt would print the text of a Client's
// fields.
type secret struct {
	// isIn says whether an answer has the key in it, in any of its forms.
	isIn func(answer []byte) bool
	// cut takes the key out of a text, and pieces of it that are long enough to tell.
	cut func(text string) string
}

func newSecret(key Key) secret {
	w := newWritings(*key.secret)
	return secret{isIn: w.isIn, cut: w.cut}
}

// writings are the ways of writing a key.
type writings struct {
	forms     []string // the key, and what follows its prefix, in every way of writing them
	fragments map[string]bool
	length    int      // of each fragment
	halves    [][]byte // what must not be in an answer
}

func newWritings(text string) *writings {
	w := &writings{}
	body := strings.TrimPrefix(text, "cog_")
	const telling = 8 // bytes; less is no secret, and may stand anywhere
	for _, plain := range []string{text, body} {
		if plain != text && len(body) < telling {
			continue
		}
		escaped := html.EscapeString(plain)
		w.forms = append(w.forms, plain, escaped, strings.NewReplacer("&#34;", "&quot;", "&#39;", "&apos;").Replace(escaped),
			url.QueryEscape(plain), url.PathEscape(plain))
	}
	// A piece of a long key is as random as the whole. One of a short key may be
	// a word.
	const long = 32
	if w.length = 12; len(body) >= long {
		w.length = telling
	}
	w.fragments = map[string]bool{}
	for i := 0; i+w.length <= len(body); i++ {
		w.fragments[body[i:i+w.length]] = true
	}
	for _, form := range w.forms {
		w.halves = append(w.halves, []byte(form))
	}
	if len(body) >= long {
		w.halves = append(w.halves, []byte(body[:len(body)/2]), []byte(body[len(body)/2:]))
	}
	return w
}

func (w *writings) isIn(body []byte) bool {
	for _, part := range w.halves {
		if bytes.Contains(body, part) {
			return true
		}
	}
	return false
}

func (w *writings) cut(text string) string {
	for _, form := range w.forms {
		text = strings.ReplaceAll(text, form, "(key)")
	}
	var b strings.Builder
	kept := 0
	for i := 0; i+w.length <= len(text); i++ {
		if !w.fragments[text[i:i+w.length]] {
			continue
		}
		end := i + w.length
		for end < len(text) && w.fragments[text[end-w.length+1:end+1]] {
			end++
		}
		b.WriteString(text[kept:i] + "(key)")
		kept, i = end, end-1
	}
	return b.String() + text[kept:]
}

var keyLike = regexp.MustCompile(`cog_[A-Za-z0-9_-]+`)

// scrub takes keys out of text that came from a server: some echo what they
// were sent, or a part of it.
func (c *Client) scrub(text string) string {
	return keyLike.ReplaceAllString(c.secret.cut(text), "cog_(...)")
}

func (c *Client) scrubbed(err error) error {
	if text := c.scrub(err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}
