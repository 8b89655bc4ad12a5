package devin

import (
	"context"
	"iter"

	"golang.org/x/sync/errgroup"
)

// together walks lists side by side, and yields their items as they come. The
// first list that fails ends all of them, with its error.
func together[T any](ctx context.Context, lists ...func(context.Context) iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		group, ctx := errgroup.WithContext(ctx)
		found := make(chan T, 400) // a page of two lists, so that neither waits for the other
		for _, list := range lists {
			group.Go(func() error {
				for item, err := range list(ctx) {
					if err != nil {
						return err
					}
					select {
					case found <- item:
					case <-ctx.Done():
						return ctx.Err()
					}
				}
				return nil
			})
		}
		go func() {
			_ = group.Wait()
			close(found)
		}()
		defer func() {
			cancel()
			for range found { // until every walk has ended
			}
		}()
		for item := range found {
			if !yield(item, nil) {
				return
			}
		}
		if err := group.Wait(); err != nil {
			var none T
			yield(none, err)
		}
	}
}
