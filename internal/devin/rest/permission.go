package rest

// Permission is what a role must grant for an endpoint to answer.
// https://docs.devin.ai/api-reference/v3/overview
type Permission struct {
	// Name is the permission's name in Devin's older documentation and in the
	// connectors that import the same data.
	Name string
	// NewerName is the name in Devin's newer documentation; empty where it did
	// not change. Devin is moving from one to the other, page by page.
	NewerName string
}

// String is the permission as messages show it, with both names.
func (p *Permission) String() string {
	if p.NewerName == "" {
		return p.Name
	}
	return p.Name + " (newer name: " + p.NewerName + ")"
}
