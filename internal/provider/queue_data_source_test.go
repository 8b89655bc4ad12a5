package provider

import (
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

func TestQueueIsItsSizeAndItsStatus(t *testing.T) {
	t.Parallel()
	var m queueModel
	if err := readQueue(t.Context(), newFixture(t, devintest.Options{}).Client(t, devintest.KeyOK), &m); err != nil {
		t.Fatal(err)
	}
	if *m.Size != devintest.QueueSize || *m.Status != "elevated" {
		t.Errorf("%d sessions, %s", *m.Size, *m.Status)
	}
}
