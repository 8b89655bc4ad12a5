package explain

import (
	"errors"
	"fmt"
	"strings"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

// In this file, what is what a resource manages, such as "the ACU limit of a user", and
// id is the organization or user. before, want, seen and the like are fields as a
// configuration has them: "cycle_acu_limit = 500".

// ReadOnly explains the error of a plan that writes while the provider is read_only.
func ReadOnly(action string) Message {
	return Message{
		"The provider only reads",
		fmt.Sprintf("The plan would %s, and read_only is set in the provider block, or by DEVIN_READ_ONLY. "+
			"Nothing was changed.\n\nTake read_only away to let this provider write limits, or take the change out of the configuration.", action),
	}
}

// TakenOver warns that a plan replaces what is set in Devin, and is not in the state.
func TakenOver(what, id, before, after string) Message {
	return Message{
		"An existing value is taken over",
		fmt.Sprintf("For %s, %q, Devin has already: %s. Applying this plan replaces it by: %s.\n\n"+
			"To keep what is there, import it first: terraform import, an import block, or terraform query.", what, id, before, after),
	}
}

// ReplacedUnknown warns that TakenOver could not be looked up.
func ReplacedUnknown(what, id string, err error) Message {
	return Message{
		"It is not known what this plan replaces",
		fmt.Sprintf("What Devin has now for %s, %q, could not be read for the plan. Applying it replaces what is there.", what, id) +
			evidence(requestOf(err)),
	}
}

// UnknownObject explains the error of a plan for an organization or a user that Devin
// does not have. argument is "org_id" or "user_id".
func UnknownObject(argument, what, id string) Message {
	noun := map[string]string{"org_id": "Organization", "user_id": "User"}[argument]
	return Message{
		noun + " unknown to Devin",
		fmt.Sprintf("%s cannot be set for %q: Devin's lists do not have it. Check the id: a name or an e-mail address is not an id.", capitalized(what), id),
	}
}

// TwoBlocks explains the error of a plan in which two resources set the same field.
func TwoBlocks(what, id, field string) Message {
	return Message{
		twoBlocks,
		fmt.Sprintf("Two resources of this plan set %s of %q (%s), and the one that is applied last would win. "+
			"Keep one of them; a terraform state rm of the other leaves what is set in Devin.", field, id, what),
	}
}

const twoBlocks = "Two blocks for one object"

// SetTwice explains the error of an apply in which another resource has set the same
// fields before.
func SetTwice(what, id, fields string) Message {
	return Message{
		twoBlocks,
		fmt.Sprintf("Another resource of this run has set %s of %q already (%s), and this one was not sent. "+
			"Keep one of them; a terraform state rm of the other leaves what is set in Devin.", fields, id, what),
	}
}

// ClearsAnother warns of a plan in which one resource clears a field that another one
// has in the state.
func ClearsAnother(what, id, field string) Message {
	return Message{
		"Two resources have the same in the state",
		fmt.Sprintf("Two resources have %s of %q (%s) in the state, and the plan clears it for one of them. "+
			"Applying it may clear what the other has: plan again after the apply, and apply what that shows. "+
			"To keep it in Devin throughout, take the resource that goes out of the state with terraform state rm, and leave the other.", field, id, what),
	}
}

// NotCleared warns of an apply that leaves fields that another resource of the run has
// set, in place of clearing them.
func NotCleared(what, id, set string) Message {
	return Message{
		"What this run has set is not cleared",
		fmt.Sprintf("For %s, %q, one resource of this run has set %s, and another would clear it. It stays set. "+
			"This happens where a block is renamed without a moved block, or where the keys of for_each change for the same ids.", what, id, set),
	}
}

// BlocksAll warns of a limit of 0.
func BlocksAll(attribute, subject string) Message {
	return Message{
		"A limit of 0 blocks all use",
		fmt.Sprintf("%s is 0, which blocks all use by %s, and does not mean that there is no limit. "+
			"To have no limit, take it out of the configuration.", attribute, subject),
	}
}

// BelowUse warns of a limit that is used up as soon as it is set.
func BelowUse(attribute string, limit int64, subject string, used float64, since devin.Day) Message {
	return Message{
		"The limit is below what is used already",
		fmt.Sprintf("%s is %d, and %s has consumed %.2f ACUs since %s, when the billing cycle began. "+
			"The limit blocks further use until the next cycle.", attribute, limit, subject, used, since),
	}
}

// UseUnknown warns that BelowUse could not be looked up.
func UseUnknown(what, id string, err error) Message {
	return Message{
		"It is not known what this limit blocks",
		fmt.Sprintf("What was used in this billing cycle could not be read for the plan. "+
			"If it is more than the planned value of %s, %q, applying the plan blocks further use until the next cycle.", what, id) +
			evidence(requestOf(err)),
	}
}

// TwoLimits warns that an organization has two limits that are probably one setting.
func TwoLimits(orgID, other string, limit int64) Message {
	return Message{
		"Two limits on the same use",
		fmt.Sprintf("For %s, %s is set, too: %d. Devin does not document how the two relate; "+
			"they are probably the same setting. Use one of them.", orgID, other, limit),
	}
}

// Interrupted explains a write that was not sent, because Terraform was interrupted.
func Interrupted(action, id string) Message {
	return Message{"Interrupted", fmt.Sprintf("Could not %s, %q: Terraform was interrupted before anything was sent.", action, id)}
}

// WriteLost explains the error of a write that may have arrived. seen is what Devin has
// now; it is empty where that could not be read.
func WriteLost(action, id, want, seen string, err error) Message {
	now := "What Devin has now could not be read."
	if seen != "" {
		now = "Devin has now: " + seen + ". It was to be: " + want + "."
	}
	return Message{
		"It is not known whether the change was made",
		fmt.Sprintf("Could not %s, %q. %s Plan again: the plan reads what Devin has, and shows what is left to do.", action, id, now) +
			evidence(requestOf(err)),
	}
}

// WrittenUnread warns of a confirmed write that could not be read back. clears says that
// it leaves nothing set.
func WrittenUnread(what, id, want string, clears bool, err error) Message {
	next := "the next plan reads it"
	if clears {
		next = "it leaves the state, and no plan reads it: see in Devin that it is cleared"
	}
	return Message{
		"The change was not read back",
		fmt.Sprintf("Devin has confirmed the change of %s, %q: %s. It could not be read back; %s.", what, id, want, next) +
			evidence(requestOf(err)),
	}
}

// WrittenUnseen warns of a confirmed write after which Devin shows what it had before.
func WrittenUnseen(what, id, want, seen string) Message {
	return Message{
		"Devin does not show the change yet",
		fmt.Sprintf("Devin has confirmed the change of %s, %q: %s. After half a minute it still shows: %s. The next plan reads it again. "+
			"If it shows the same then, Devin may allow no other value: write what it shows.", what, id, want, seen),
	}
}

// WrittenOtherwise explains the error of a confirmed write after which Devin shows a
// third value. request is what was sent: "PUT /v3/...".
func WrittenOtherwise(action, request, id, want, seen string) Message {
	return Message{
		"Devin shows another value than was written",
		fmt.Sprintf("Could not %s, %q: Devin confirmed the change, and after half a minute it shows: %s. "+
			"Written was: %s. Devin may allow less than was written: then write what it shows. "+
			"Or somebody changed it at the same time: then plan again.", action, id, seen, want) +
			evidence(request+" was confirmed."),
	}
}

// NeighborsChanged explains the error of a write after which other fields of the object
// have other values than before.
func NeighborsChanged(action, request, id, before, after string) Message {
	return Message{
		"Devin changed more than was sent",
		fmt.Sprintf("It was to %s, %q, and that is done. But the other fields changed, too. They were: %s. Now they are: %s. "+
			"This Devin may replace a block where its documentation says that it merges, or somebody changed it at the same time. "+
			"Set it again, and do not manage both with resources of their own here.", action, id, before, after) +
			evidence(request+" was confirmed."),
	}
}

// NotCompared warns that NeighborsChanged could not be looked up.
func NotCompared(what, id, now string) Message {
	return Message{
		"What else was set could not be read",
		fmt.Sprintf("The change of %s, %q, is made. The other fields could not be read before it, "+
			"so it is not known whether they stayed the same. Now they are: %s.", what, id, now),
	}
}

// Gone warns that a resource leaves the state, because Devin does not have the object.
func Gone(what, id string) Message {
	return leavesState(what, id, "Devin does not have it any more.")
}

// Cleared warns that a resource leaves the state, because nothing is set in Devin.
func Cleared(what, id, had string) Message {
	return leavesState(what, id, "In Devin, nothing is set any more. The state had: "+had+".")
}

func leavesState(what, id, why string) Message {
	return Message{"No longer in the state", fmt.Sprintf("%s, %q, leaves the state. %s", capitalized(what), id, why)}
}

// NotRefreshed warns of a refresh while settings of the provider are known only after
// apply.
func NotRefreshed(what, id string, settings []string) Message {
	return Message{
		"Not refreshed",
		fmt.Sprintf("The plan takes %s, %q, as the state has it: %s of the Devin provider is known only after apply. "+
			"Plan again after the apply.", what, id, strings.Join(settings, ", ")),
	}
}

const nothingToImport = "Nothing to import"

// EmptyImport explains an import without an id.
func EmptyImport(argument string) Message {
	return Message{
		nothingToImport,
		fmt.Sprintf("The id is empty. Give the %[1]s: as the argument of terraform import, as id of the import block, or as %[1]s of its identity.", argument),
	}
}

// NothingToImport explains an import of what is not set in Devin.
func NothingToImport(what, id string) Message {
	return Message{
		nothingToImport,
		fmt.Sprintf("For %s, %q, nothing is set in Devin, or Devin does not know it. "+
			"Check the id. To set it, leave the import out and apply.", what, id),
	}
}

// MoreThanLimit warns of a list block with a limit that leaves some out. plural is what
// it lists: "the ACU limits of users".
func MoreThanLimit(plural string, limit int64) Message {
	return Message{
		"More than the limit of this list",
		fmt.Sprintf("Devin has more of %s than %d, the limit of the list block. The others are not listed: raise limit.", plural, limit),
	}
}

// BetaRefused explains an endpoint in beta that answers as if it were not there. instead
// names what can be used in its place.
func BetaRefused(action, id, instead string, presence devin.Presence, err error) Message {
	unknown, tells := "", ""
	if presence == devin.PresenceUnknown {
		unknown, tells = " the id may be unknown,", "; the key may not read the list that would tell"
	}
	return Message{
		betaSummary(err),
		fmt.Sprintf("Could not %s, %q. The endpoint is in beta: it may not be enabled for your enterprise,%s or the key lacks a permission%s%s. %s",
			action, id, unknown, needs(err), tells, instead) + evidence(requestOf(err)),
	}
}

// BetaListRefused is BetaRefused for a list.
func BetaListRefused(plural, instead string, err error) Message {
	return Message{
		betaSummary(err),
		fmt.Sprintf("Could not list %s. The endpoint is in beta: it may not be enabled for your enterprise, or the key lacks a permission%s. %s",
			plural, needs(err), instead) + evidence(requestOf(err)),
	}
}

func betaSummary(err error) string {
	if errors.Is(err, devin.ErrForbidden) {
		return coded(devin.Forbidden, "Devin denied access, or it is not enabled")
	}
	return "Perhaps not enabled for this enterprise"
}

// needs names the permission that a refused request needs, in parentheses.
func needs(err error) string {
	var e *devin.Error
	if errors.As(err, &e) && e.Permission != nil {
		return fmt.Sprintf(" (it needs %s)", e.Permission)
	}
	return ""
}

func capitalized(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
