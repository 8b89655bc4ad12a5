package rest

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

// The failure of a caller who allows one try only is not that of a patient one, who
// waits for the same answer.
func TestAPatientCallerDoesNotShareTheFailureOfASingleTry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCache(systemClock{})
		failed, answer, asked := errors.New("429"), make(chan struct{}), 0
		// The first request fails, and the second one succeeds.
		ask := func(context.Context) (any, int, error) {
			if asked++; asked == 1 {
				<-answer
				return nil, 0, failed
			}
			return "an answer", 1, nil
		}
		for range 2 {
			go func() {
				if _, err := c.do(OneTry(t.Context()), "q", ask); !errors.Is(err, failed) {
					t.Errorf("a single try has %v", err)
				}
			}()
			synctest.Wait()
		}
		go func() {
			if value, err := c.do(t.Context(), "q", ask); value != "an answer" || err != nil {
				t.Errorf("the patient caller has %v, %v", value, err)
			}
		}()
		synctest.Wait()
		close(answer)
		synctest.Wait()
		if asked != 2 {
			t.Errorf("asked %d times", asked)
		}
	})
}
