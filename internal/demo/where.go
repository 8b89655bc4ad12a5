package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// whereOutputs are those of examples/recipes/where-it-goes.
type whereOutputs struct {
	Who struct {
		Value struct {
			Enterprise   float64 `json:"enterprise"`
			Members      float64 `json:"members"`
			ServiceUsers float64 `json:"service_users"`
			Rest         float64 `json:"rest"`
		} `json:"value"`
	} `json:"who"`
	Where        output[map[string]consumer] `json:"where"`
	ServiceUsers output[map[string]consumer] `json:"service_users"`
}

// consumer is an organization or a service user. Two of them may have one name.
type consumer struct {
	Name *string `json:"name"` // null where Devin tells none
	ACUs float64 `json:"acus"`
}

// where applies the recipe where-it-goes, to the same window. It goes on without it where
// the key may not list organizations.
func (d demo) where(ctx context.Context, temp string, w window) error {
	fmt.Fprint(d.stdout, "\nAnd everything else that consumes: examples/recipes/where-it-goes.\n")
	raw, err := d.recipe(ctx, temp, "where-it-goes")
	var failed *commandError
	if errors.As(err, &failed) && failed.code() == devin.Forbidden {
		fmt.Fprint(d.stdout, "\nThe key may not read all of it. The rest of the demo goes on without it.\n")
		return nil
	}
	if err != nil {
		return err
	}
	return reportWhere(d.stdout, raw, w)
}

// reportWhere shows in 80 columns where the ACUs went, by who and by where.
func reportWhere(w io.Writer, raw []byte, span window) error {
	var out whereOutputs
	if err := json.Unmarshal(raw, &out); err != nil {
		return fmt.Errorf("the outputs are not those of where-it-goes: %w", err)
	}
	var text bytes.Buffer
	row := acusRow(&text)
	who := out.Who.Value
	fmt.Fprintf(&text, "\nWHERE THE ACUS WENT  %s\n", span.span())
	row("members", who.Members, "")
	for _, user := range byACUs(out.ServiceUsers.Value) {
		row("  "+*user.Name, user.ACUs, "service user")
	}
	row("service users", who.ServiceUsers, "")
	row("the rest", who.Rest, "people who left, products of no user")
	row("enterprise", who.Enterprise, "")
	fmt.Fprintln(&text)
	where := byACUs(out.Where.Value)
	for _, organization := range where {
		row(*organization.Name, organization.ACUs, bar(organization.ACUs, where[0].ACUs))
	}
	_, err := text.WriteTo(w)
	return err
}

// byACUs returns consumers by id as a list, with the id as the name of those without one,
// those with the most ACUs first.
func byACUs(byID map[string]consumer) []consumer {
	var all []consumer
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		c := byID[id]
		if c.Name == nil {
			c.Name = &id
		}
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b consumer) int {
		return cmp.Or(cmp.Compare(b.ACUs, a.ACUs), strings.Compare(*a.Name, *b.Name))
	})
	return all
}
