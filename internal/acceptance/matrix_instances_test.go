package acceptance

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/provider/providertest"
)

// Two provider blocks in one configuration, each with its own key.

func TestTwoInstancesShareNeitherKeysNorAnswersNorThrottles(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		mine, theirs := newBubble(devintest.Options{Seed: 1}), newBubble(devintest.Options{Seed: 2, Members: 30})
		defer mine.close()
		defer theirs.close()
		const theirKey = "cog_another_key"
		theirs.AddKey(theirKey, devintest.Principal{ID: "service-user-2", Permissions: devintest.AllPermissions()})
		// The other instance is told to wait a minute, over and over.
		theirs.Fault(userPath, devintest.Fault{Status: 429, RetryAfter: "60", Times: 3})
		r := everybodysRow(t)
		var group sync.WaitGroup
		var mineTook, theirsTook time.Duration
		group.Go(func() {
			p, before := mine.configured(t, nil), time.Now()
			r.read(t, mine.Server, p, everywhere, fine)
			mineTook = time.Since(before)
		})
		group.Go(func() {
			p, before := theirs.configured(t, map[string]any{"api_key": theirKey}), time.Now()
			r.read(t, theirs.Server, p, everywhere, fine)
			theirsTook = time.Since(before)
		})
		group.Wait()
		if mineTook > 0 || theirsTook < time.Minute {
			t.Errorf("the one that was told to wait took %s, and the other %s", theirsTook, mineTook)
		}
		onlyKey(t, mine.Server, matrixKey)
		onlyKey(t, theirs.Server, theirKey)
	})
}

func TestTwoKeysAtTheSameDevinDoNotShareAnswers(t *testing.T) {
	t.Parallel()
	inBubble(t, devintest.Options{}, func(t *testing.T, b *bubble) {
		nobody := b.configured(t, map[string]any{"api_key": devintest.KeyNoResources})
		refused := b.configured(t, map[string]any{"api_key": devintest.KeyInvalidPermissions})
		all := b.configured(t, nil)
		var group sync.WaitGroup
		for range 3 {
			for _, r := range rows() {
				group.Go(func() { r.read(t, b.Server, all, everywhere, fine) })
				if r.source != "devin_principal" { // which any key may read
					group.Go(func() { checkDiags(t, r.ask(t, b.Server, refused), "forbidden: ") })
				}
			}
			group.Go(func() {
				resp := nobody.ReadData(t, "devin_members", nil)
				sameState(t, stateOf(t, all.Schemas.DataSourceSchemas["devin_members"], resp.State),
					row{source: "devin_members"}.whole(object{"members": []any{}}))
			})
		}
		group.Wait()
	})
}

func checkDiags(t *testing.T, diags []*tfprotov6.Diagnostic, summary string) {
	t.Helper()
	if len(diags) != 1 || !strings.HasPrefix(diags[0].Summary, summary) {
		t.Errorf("want one error with %q, got %s", summary, providertest.Messages(diags))
	}
}

func onlyKey(t *testing.T, fake *devintest.Server, key string) {
	t.Helper()
	requests := fake.Requests()
	for _, r := range requests {
		if r.Key != key {
			t.Fatalf("%s came with the key %q", r.Path, r.Key)
		}
	}
	if len(requests) == 0 {
		t.Error("nothing was asked")
	}
}
