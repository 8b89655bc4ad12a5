package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// showFailure plans with a key of the fake that is there to fail. The demo has done its
// work when the plan fails with the code of the key.
func (d demo) showFailure(ctx context.Context, cli *commandLine, key devintest.KeyInfo) error {
	err := cli.run(ctx, "plan")
	var failed *commandError
	switch {
	case ctx.Err() != nil:
		return err
	case !errors.As(err, &failed):
		return fmt.Errorf("the plan succeeded, and the key %s is there to fail it with %s", key.Key, key.Code)
	case failed.code() != devin.Code(key.Code):
		return fmt.Errorf("the plan failed, and not with %s as the key %s is there to show: %w", key.Code, key.Key, err)
	}
	fmt.Fprintf(d.stdout, "\nSHOWN  %s\n  The plan failed, as it does with such a key:\n  %s.\n"+
		"  Nothing was applied. See docs/guides/error-codes.md for what to do.\n", key.Code, key.Description)
	return nil
}
