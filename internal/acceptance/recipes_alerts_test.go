package acceptance

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// webhook takes messages as a chat does.
type webhook struct {
	url    string
	mu     sync.Mutex
	texts  []string
	status int
}

func newWebhook(t *testing.T) *webhook {
	t.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl")
	}
	hook := &webhook{status: http.StatusOK}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var message map[string]string
		hook.mu.Lock()
		defer hook.mu.Unlock()
		if err := json.Unmarshal(body, &message); err != nil || len(message) != 1 || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %q of %s", r.Method, body, r.Header.Get("Content-Type"))
		}
		if hook.status == http.StatusOK {
			hook.texts = append(hook.texts, message["text"])
		}
		w.WriteHeader(hook.status)
	}))
	t.Cleanup(server.Close)
	hook.url = server.URL + "/services/secret"
	return hook
}

func (h *webhook) answers(status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.status = status
}

// took returns the messages since the last call.
func (h *webhook) took() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	texts := h.texts
	h.texts = nil
	return texts
}

// trueAlerts is a cycle that has reached no threshold of a pool of a million ACUs.
func trueAlerts(t *testing.T, e *enterprise) object {
	used := e.EnterpriseTotal(window(t, "2026-11-05", "2026-11-20")) // including the current day
	return object{"sent": []any{}, "usage": object{"cycle_start": "2026-11-05", "pool_acus": 1e6, "used_acus": used, "used_percent": cents(used / 1e4)}}
}

type alertOutputs struct {
	Sent  []string `json:"sent"`
	Usage struct {
		CycleStart  string  `json:"cycle_start"`
		UsedACUs    float64 `json:"used_acus"`
		UsedPercent float64 `json:"used_percent"`
	} `json:"usage"`
}

// alerts applies the recipe once more, given what was sent before.
func (w *workspace) alerts(t *testing.T, hook *webhook, pool float64, sent []string) (out alertOutputs, texts []string) {
	t.Helper()
	w.writeVariables(t, map[string]any{"webhook": hook.url, "pool_acus": pool, "sent": sent})
	if shown := w.applied(t); strings.Contains(shown, hook.url) || strings.Contains(w.state(t), hook.url) {
		t.Errorf("the address of the webhook is in the state or in\n%s", shown)
	}
	w.read(t, &out)
	return out, hook.took()
}

func TestAccRecipeBudgetAlertsSendEachOnceInACycle(t *testing.T) {
	t.Parallel()
	hook := newWebhook(t)
	fake := newFixture(t, devintest.Options{})
	from, to := window(t, "2026-11-05", "2026-11-20") // including the current day
	used := fake.EnterpriseTotal(from, to)
	text := func(pool float64) string {
		return "Devin has used " + strconv.FormatFloat(100*used/pool, 'f', 1, 64) + " % of its pool: " +
			strconv.FormatFloat(used, 'f', 2, 64) + " of " + strconv.FormatFloat(pool, 'f', 2, 64) + " ACUs since 2026-11-05."
	}
	w := fake.recipe(t, "budget-alerts", devintest.KeyOK, nil)
	const at80, at100 = "2026-11-05/80", "2026-11-05/100"
	all := []string{at100, at80}
	var sent []string
	step := func(name string, pool float64, wantSent []string, wantTexts ...string) {
		t.Helper()
		out, texts := w.alerts(t, hook, pool, sent)
		if !slices.Equal(texts, wantTexts) || !slices.Equal(out.Sent, wantSent) ||
			out.Usage.CycleStart != "2026-11-05" || out.Usage.UsedACUs != cents(used) || !near(out.Usage.UsedPercent, 100*used/pool) {
			t.Errorf("%s: sent %q, want %q; %+v", name, texts, wantTexts, out)
		}
		sent = out.Sent
	}
	low, high, over := cents(used/0.79), cents(used/0.81), used
	step("below", low, nil)
	step("reached", high, []string{at80}, text(high))
	step("again", high, []string{at80})
	step("corrected", low, []string{at80})
	step("back", high, []string{at80})
	step("all of it", over, all, text(over))
	step("corrected again", high, all)
	step("over again", over, all)

	// Without what was sent, Terraform forgets a threshold that is no longer reached.
	sent = nil
	step("forgotten", high, []string{at80})

	next := newRecipeFixture(t, time.Date(2026, 12, 7, 12, 0, 0, 0, time.UTC), devintest.Options{})
	december := next.recipe(t, "budget-alerts", devintest.KeyOK, nil)
	december.write(t, "terraform.tfstate", w.state(t))
	if out, texts := december.alerts(t, hook, 1, all); len(texts) != 2 || !slices.Equal(out.Sent, []string{"2026-12-05/100", "2026-12-05/80"}) {
		t.Errorf("in the next cycle %q and %+v", texts, out)
	}
}

// A message that did not arrive is sent by the next run.
func TestAccRecipeBudgetAlertsTryAgain(t *testing.T) {
	t.Parallel()
	hook := newWebhook(t)
	w := newFixture(t, devintest.Options{}).recipe(t, "budget-alerts", devintest.KeyOK, map[string]any{"webhook": hook.url, "pool_acus": 1, "thresholds": []int{50}})
	hook.answers(http.StatusForbidden)
	if out, code := w.run(t, "apply", "-auto-approve", "-input=false", "-no-color"); code != 1 || !strings.Contains(out, "local-exec provisioner error") || strings.Contains(out, hook.url) {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	hook.answers(http.StatusOK)
	w.applied(t)
	if texts := hook.took(); len(texts) != 1 {
		t.Errorf("%q", texts)
	}
}
