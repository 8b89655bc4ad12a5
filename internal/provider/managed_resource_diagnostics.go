package provider

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// This file words what can go wrong with a write. How a request failed is worded in
// diagnostics.go.

func readOnlyRefused(doing string) (summary, detail string) {
	return "The provider only reads", fmt.Sprintf("The plan would %s, and read_only is set in the provider block, or by DEVIN_READ_ONLY. "+
		"Nothing was changed.\n\nTake read_only away to let this provider write limits, or take the change out of the configuration.", doing)
}

func takenOver(what, id, before, after string) concern {
	return concern{"An existing value is taken over", fmt.Sprintf(
		"For %s, %q, Devin has already: %s. Applying this plan replaces it by: %s.\n\n"+
			"To keep what is there, import it first: terraform import, an import block, or terraform query.", what, id, before, after)}
}

func nothingToImport(what, id string) (summary, detail string) {
	return "Nothing to import", fmt.Sprintf("For %s, %q, nothing is set in Devin, or Devin does not know it. "+
		"Check the id. To set it, leave the import out and apply.", what, id)
}

// betaRefused is the error of an endpoint in beta that answers as if it were not there.
func betaRefused(doing, id, instead string, presence devin.Presence, err error) (summary, detail string) {
	var e *devin.Error
	happened := err.Error()
	if errors.As(err, &e) {
		happened = whatHappened(e)
	}
	may := "the endpoint may not be enabled for your enterprise, or the key lacks a permission"
	if presence == devin.PresenceUnknown {
		may = "the endpoint may not be enabled for your enterprise, the id may be unknown, or the key lacks a permission; the key may not read the list that would tell"
	}
	if e != nil && e.Permission != nil {
		may += fmt.Sprintf(" (it needs %s)", e.Permission)
	}
	summary = "Perhaps not enabled for this enterprise"
	if errors.Is(err, devin.ErrForbidden) {
		summary = string(devin.Forbidden) + ": Devin denied access, or it is not enabled"
	}
	return summary, fmt.Sprintf("Could not %s, %q. The endpoint is in beta: %s. %s", doing, id, may, instead) + evidence(happened)
}

// writeLost is the error of a write that may have been made.
func writeLost(doing, id, seen string, err error) (summary, detail string) {
	var e *devin.Error
	happened := err.Error() + "."
	if errors.As(err, &e) {
		happened = whatHappened(e)
	}
	return "It is not known whether the change was made", fmt.Sprintf("Could not %s, %q. %s "+
		"Plan again: the plan reads what Devin has, and shows what is left to do.", doing, id, seen) + evidence(happened)
}

func writtenUnread(what, id, want string) (summary, detail string) {
	return "Interrupted before the change was read back", fmt.Sprintf(
		"Devin has confirmed the change of %s, %q: %s. Terraform was interrupted before it could be read back; the next plan reads it.", what, id, want)
}

func writtenOtherwise(doing, request, id, want, seen string) (summary, detail string) {
	return "Devin shows another value than was written", fmt.Sprintf("Could not %s, %q: Devin confirmed the change, and after half a minute it shows: %s. "+
		"Written was: %s. Plan again: the plan reads what Devin has, and shows what is left to do. "+
		"Somebody else may have changed it at the same time, or a proxy may have answered in Devin's place.", doing, id, seen, want) +
		evidence(request+" was confirmed.")
}

// blocksAll is the warning of a limit of 0.
func blocksAll(attribute, whom string) concern {
	return concern{"A limit of 0 blocks all use", fmt.Sprintf("%s is 0, which blocks all use by %s, and does not mean that there is no limit. "+
		"To have no limit, take it out of the configuration.", attribute, whom)}
}

// belowUse is the warning of a limit that is used up as it is set.
func belowUse(attribute string, limit int64, whom string, used float64, since devin.Day) concern {
	return concern{"The limit is below what is used already", fmt.Sprintf("%s is %d, and %s has consumed %.2f ACUs since %s, when the billing cycle began. "+
		"The limit blocks further use until the next cycle.", attribute, limit, whom, used, since)}
}

// noCycle is the error where Devin lists no billing cycle that runs and has an end.
func noCycle() error {
	return &attributeError{
		path: path.Empty(), summary: "No billing cycle runs",
		detail: "Devin lists no billing cycle that covers the present moment and has an end, so that nothing can be said of limits, which apply to one. " +
			"data \"devin_billing_cycles\" shows what Devin lists.",
	}
}
