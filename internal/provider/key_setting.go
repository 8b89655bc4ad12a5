package provider

import (
	"errors"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

const newKey = "Create an enterprise service user under Enterprise settings > Service users in Devin, " +
	"and use its key, which starts with cog_."

// keyProblems are the messages for a malformed key.
var keyProblems = []struct {
	err    error
	wrong  string // "The API key ..."
	advice string
}{
	{
		devin.ErrQuotedKey, "starts or ends with a quotation mark, which no Devin API key does.",
		"Take the quotes away: in the file or the CI setting that the key comes from, they became a part of it.",
	},
	{
		devin.ErrUnexpandedKey, "is the name of a variable, such as $DEVIN_KEY or ${...}, and not its value.",
		"Terraform expands no variables of the environment, and a shell expands none in single quotes. " +
			"Set DEVIN_API_KEY to the key itself, and leave api_key out.",
	},
	{
		devin.ErrAssignedKey, "starts with a name and the sign =, as in DEVIN_API_KEY=cog_...",
		"Give what stands after the sign = alone.",
	},
	{
		devin.ErrBearerKey, "starts with the word Bearer, which belongs to an HTTP header.",
		"Give the key without the word Bearer: the provider adds it.",
	},
	{
		devin.ErrMalformedKey, "has a space, a line break or another character inside that no Devin API key has.",
		"Copy the key alone, without the text around it.",
	},
}

// checkKey checks the form of a key. No message shows the key.
func checkKey(text string) *problem {
	_, err := devin.ParseKey(text)
	if errors.Is(err, devin.ErrLegacyKey) {
		return &problem{
			summary: string(devin.InvalidCredentials) + ": a legacy Devin API key",
			detail: "The API key starts with apk_: it was made for version 1 or 2 of the Devin API, and version 3, " +
				"which this provider speaks, never accepts it. " + newKey,
			secret: true,
		}
	}
	for _, p := range keyProblems {
		if errors.Is(err, p.err) {
			return &problem{summary: "Malformed Devin API key", detail: "The API key " + p.wrong + " " + p.advice, secret: true}
		}
	}
	return nil // an empty key counts as not set
}
