package explain

import (
	"errors"
	"fmt"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func ReadOnly(doing string) Message {
	return Message{"The provider only reads", fmt.Sprintf("The plan would %s, and read_only is set in the provider block, or by DEVIN_READ_ONLY. "+
		"Nothing was changed.\n\nTake read_only away to let this provider write limits, or take the change out of the configuration.", doing)}
}

func TakenOver(what, id, before, after string) Message {
	return Message{"An existing value is taken over", fmt.Sprintf(
		"For %s, %q, Devin has already: %s. Applying this plan replaces it by: %s.\n\n"+
			"To keep what is there, import it first: terraform import, an import block, or terraform query.", what, id, before, after)}
}

func ReplacedUnknown(what, id string, err error) Message {
	return Message{"It is not known what this plan replaces", fmt.Sprintf("What Devin has now for %s, %q, could not be read for the plan. "+
		"Applying it replaces what is there.", what, id) + evidence(happened(err))}
}

// UseUnknown is the warning of a plan that cannot tell whether a limit is used up already.
func UseUnknown(what, id string, err error) Message {
	return Message{"It is not known what this limit blocks", fmt.Sprintf("What was used in this billing cycle could not be read for the plan. "+
		"If it is more than %s, %q, is to be, applying the plan blocks further use until the next cycle.", what, id) + evidence(happened(err))}
}

func UnknownObject(identity, what, id string) Message {
	noun := map[string]string{"org_id": "Organization", "user_id": "User"}[identity]
	return Message{noun + " unknown to Devin", fmt.Sprintf("%s cannot be set for %q: Devin's lists do not have it. Check the id: a name or an address is no id.", strings.ToUpper(what[:1])+what[1:], id)}
}

// TwoBlocks is the error of a plan in which two blocks set the same thing.
func TwoBlocks(what, id, field string) Message {
	return Message{"Two blocks for one object", fmt.Sprintf("Two resources of this plan set %s of %q (%s), and the one that is applied last would win. "+
		"Keep one of them; a terraform state rm of the other leaves what is set in Devin.", field, id, what)}
}

// SetTwice is the error of a run in which two blocks set the same thing.
func SetTwice(what, id, fields string) Message {
	return Message{"Two blocks for one object", fmt.Sprintf("Another resource of this run has set %s of %q already (%s), and this one was not sent. "+
		"Keep one of them; a terraform state rm of the other leaves what is set in Devin.", fields, id, what)}
}

// ClearsAnother is the warning of a plan in which an instance clears what another one,
// which is in the state, has set.
func ClearsAnother(what, id, field string) Message {
	return Message{"Two resources have the same in the state", fmt.Sprintf("Of %s, %q, two resources have %s in the state, and the plan clears it for one of them. "+
		"What the other has may be cleared with it: plan again after the apply, and apply what that shows. "+
		"To keep it in Devin throughout, take the resource that goes out of the state with terraform state rm, and leave the other.", what, id, field)}
}

// NotCleared is the warning of a clearing that would undo what the run has set.
func NotCleared(what, id, set string) Message {
	return Message{"What this run has set is not cleared", fmt.Sprintf("Of %s, %q, a resource gives up what another one of this run has set: %s. "+
		"That stays. A renamed block wants a moved block, and for_each keys that are ids stay the same.", what, id, set)}
}

func Interrupted(doing, id string) Message {
	return Message{"Interrupted", fmt.Sprintf("Could not %s, %q: Terraform was interrupted before anything was sent.", doing, id)}
}

// LeftState is the warning of something that leaves the state by itself.
func LeftState(what, id, why string) Message {
	return Message{"No longer in the state", fmt.Sprintf("%s, %q, leaves the state. %s", strings.ToUpper(what[:1])+what[1:], id, why)}
}

func NeighborsChanged(doing, request, id, before, after string) Message {
	return Message{"Devin changed more than was sent", fmt.Sprintf("It was to %s, %q, and that is done. But what else was set there was: %s. Now it is: %s. "+
		"This Devin may replace a block where its documentation says that it merges, or somebody changed it at the same time. "+
		"Set it again, and do not manage both with resources of their own here.", doing, id, before, after) + evidence(request+" was confirmed.")}
}

func NotCompared(what, id, now string) Message {
	return Message{"What else was set could not be read", fmt.Sprintf("The change of %s, %q, is made. What else is set there could not be read before it, "+
		"so that it is not known whether all of it stayed. Now it is: %s.", what, id, now)}
}

func EmptyImport(identity string) Message {
	return Message{"Nothing to import", fmt.Sprintf("The id is empty. Give the %s: as the argument of terraform import, as id of the import block, or as %s of its identity.", identity, identity)}
}

func MoreThanLimit(plural string, limit int64) Message {
	return Message{"More than the limit of this list", fmt.Sprintf("Devin has more of %s than %d, the limit of the list block. The others are not listed: raise limit.", plural, limit)}
}

// NotRefreshed is the warning of a refresh for which settings of the provider are
// missing.
func NotRefreshed(what, id string, unknown []string) Message {
	return Message{"Not refreshed", fmt.Sprintf("The plan takes %s, %q, as the state has it: %s of the Devin provider is known only after apply. ", what, id, strings.Join(unknown, ", ")) +
		"Plan again after the apply."}
}

func NothingToImport(what, id string) Message {
	return Message{"Nothing to import", fmt.Sprintf("For %s, %q, nothing is set in Devin, or Devin does not know it. "+
		"Check the id. To set it, leave the import out and apply.", what, id)}
}

// BetaRefused is the error of an endpoint in beta that answers as if it were not there.
func BetaRefused(doing, id, instead string, presence devin.Presence, err error) Message {
	unknown, tells := "", ""
	if presence == devin.PresenceUnknown {
		unknown, tells = " the id may be unknown,", "; the key may not read the list that would tell"
	}
	return Message{betaSummary(err), fmt.Sprintf("Could not %s, %q. The endpoint is in beta: it may not be enabled for your enterprise,%s or the key lacks a permission%s%s. %s",
		doing, id, unknown, needs(err), tells, instead) + evidence(happened(err))}
}

// BetaListRefused is BetaRefused for a list.
func BetaListRefused(plural, instead string, err error) Message {
	return Message{betaSummary(err), fmt.Sprintf("Could not list %s. The endpoint is in beta: it may not be enabled for your enterprise, or the key lacks a permission%s. %s",
		plural, needs(err), instead) + evidence(happened(err))}
}

func betaSummary(err error) string {
	if errors.Is(err, devin.ErrForbidden) {
		return string(devin.Forbidden) + ": Devin denied access, or it is not enabled"
	}
	return "Perhaps not enabled for this enterprise"
}

func needs(err error) string {
	var e *devin.Error
	if errors.As(err, &e) && e.Permission != nil {
		return fmt.Sprintf(" (it needs %s)", e.Permission)
	}
	return ""
}

// happened is a sentence about the request that failed.
func happened(err error) string {
	var e *devin.Error
	if errors.As(err, &e) {
		return whatHappened(e)
	}
	return err.Error() + "."
}

// WriteLost is the error of a write that may have been made.
func WriteLost(doing, id, seen string, err error) Message {
	return Message{"It is not known whether the change was made", fmt.Sprintf("Could not %s, %q. %s "+
		"Plan again: the plan reads what Devin has, and shows what is left to do.", doing, id, seen) + evidence(happened(err))}
}

func WrittenUnread(what, id, want string, clears bool, err error) Message {
	next := "the next plan reads it"
	if clears {
		next = "it leaves the state, and no plan reads it: see in Devin that it is cleared"
	}
	return Message{"The change was not read back", fmt.Sprintf(
		"Devin has confirmed the change of %s, %q: %s. It could not be read back; %s.", what, id, want, next) + evidence(happened(err))}
}

func WrittenUnseen(what, id, want, seen string) Message {
	return Message{"Devin does not show the change yet", fmt.Sprintf(
		"Devin has confirmed the change of %s, %q: %s. After half a minute it still shows: %s. The next plan reads it again. "+
			"If it shows the same then, Devin may allow no other value: write what it shows.", what, id, want, seen)}
}

func WrittenOtherwise(doing, request, id, want, seen string) Message {
	return Message{"Devin shows another value than was written", fmt.Sprintf("Could not %s, %q: Devin confirmed the change, and after half a minute it shows: %s. "+
		"Written was: %s. Devin may allow less than was written: then write what it shows. "+
		"Or somebody changed it at the same time: then plan again.", doing, id, seen, want) +
		evidence(request+" was confirmed.")}
}

// BlocksAll is the warning of a limit of 0.
func BlocksAll(attribute, subject string) Message {
	return Message{"A limit of 0 blocks all use", fmt.Sprintf("%s is 0, which blocks all use by %s, and does not mean that there is no limit. "+
		"To have no limit, take it out of the configuration.", attribute, subject)}
}

// BelowUse is the warning of a limit that is used up as it is set.
func BelowUse(attribute string, limit int64, subject string, used float64, since devin.Day) Message {
	return Message{"The limit is below what is used already", fmt.Sprintf("%s is %d, and %s has consumed %.2f ACUs since %s, when the billing cycle began. "+
		"The limit blocks further use until the next cycle.", attribute, limit, subject, used, since)}
}

// TwoLimits is the warning where an organization has two limits that are probably one.
func TwoLimits(orgID, other string, limit int64) Message {
	return Message{"Two limits on the same use", fmt.Sprintf("For %s, %s is set, too: %d. Devin does not document how the two relate; "+
		"they are probably the same setting. Use one of them.", orgID, other, limit)}
}
