package acceptance

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// node is an element of a page, or a text where it has no name.
type node struct {
	name, content string
	attributes    map[string]string
	children      []*node
}

// parsePage reads HTML with the parser for XML. Strictly it accepts only pages
// that close and quote everything, as the recipe's do; what a browser prints
// leaves the ends of some elements out.
func parsePage(t *testing.T, html string, strict bool) *node {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(html))
	d.Strict, d.Entity = strict, xml.HTMLEntity
	if !strict {
		d.AutoClose = append(slices.Clone(xml.HTMLAutoClose), "wbr")
	}
	page := &node{}
	open := []*node{page}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return page
		}
		if err != nil {
			t.Fatalf("the page is malformed: %s", err)
		}
		parent := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			child := &node{name: token.Name.Local, attributes: map[string]string{}}
			for _, a := range token.Attr {
				child.attributes[a.Name.Local] = a.Value
			}
			parent.children = append(parent.children, child)
			open = append(open, child)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			parent.children = append(parent.children, &node{content: string(token)})
		}
	}
}

// all are the elements of a name, in their order.
func (n *node) all(name string) []*node {
	var found []*node
	for _, child := range n.children {
		if child.name == name {
			found = append(found, child)
		}
		found = append(found, child.all(name)...)
	}
	return found
}

// find is the element with an attribute, or an empty one.
func (n *node) find(attribute, value string) *node {
	if n.attributes[attribute] == value {
		return n
	}
	for _, child := range n.children {
		if found := child.find(attribute, value); found.name != "" {
			return found
		}
	}
	return &node{}
}

func (n *node) text() string {
	text := n.content
	for _, child := range n.children {
		text += child.text()
	}
	return strings.Trim(text, "\n")
}

// number reads a number with its thousands apart, maybe an amount of money.
func number(t *testing.T, text string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(strings.TrimPrefix(strings.ReplaceAll(text, ",", ""), "$"), 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func findBrowser() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func dumpDOM(t *testing.T, browser, file string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser,
		"--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir="+t.TempDir(), "--dump-dom", "file://"+file)
	// A browser's helpers may outlive it and hold its output open.
	cmd.WaitDelay = 5 * time.Second
	dom, err := cmd.Output()
	if err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		t.Fatalf("%s: %s", browser, err)
	}
	return string(dom)
}
