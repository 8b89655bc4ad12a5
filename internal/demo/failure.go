package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// expectedCode is the error code that one of the fake's keys is there to show; empty
// where the key works.
func expectedCode(key string) string {
	if strings.HasPrefix(key, "apk_") {
		return string(devin.InvalidCredentials)
	}
	known := devintest.Keys()
	if i := slices.IndexFunc(known, func(k devintest.KeyInfo) bool { return k.Key == key }); i >= 0 {
		return known[i].Code
	}
	return ""
}

// showFailure plans with a key that is there to fail. The demo has done its work when
// the plan fails with the code of the key, and says so.
func (d demo) showFailure(ctx context.Context, cli *commandLine, code string) error {
	var printed strings.Builder
	cli.stdout = io.MultiWriter(cli.stdout, &printed)
	err := cli.run(ctx, "plan", "-no-color", "-input=false")
	switch {
	case ctx.Err() != nil:
		return err
	case err == nil:
		return fmt.Errorf("the plan succeeded, and the key %s is there to fail it with %s", d.fakeKey, code)
	case !strings.Contains(printed.String(), "Error: "+code+": "):
		return fmt.Errorf("the plan failed, and not with %s as the key %s is there to show: %w", code, d.fakeKey, err)
	}
	fmt.Fprintf(d.stdout, "\nSHOWN  %s\n  The plan failed, as it does with such a key:\n  %s.\n"+
		"  Nothing was applied. docs/guides/error-codes.md says what to do about each code.\n", code, describe(d.fakeKey))
	return nil
}
