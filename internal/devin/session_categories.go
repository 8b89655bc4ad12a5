package devin

import (
	"context"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// SessionCategories are what sessions were about. All fields of an answer are set.
type SessionCategories struct {
	Categories []SessionCategory `json:"categories" api:"required"`
}

// Check wants every field.
func (s *SessionCategories) Check() error { return rest.CheckFields(s) }

// SessionCategory is a category of sessions, and what they consumed, in ACUs.
type SessionCategory struct {
	Category      string               `json:"category" tfsdk:"category" api:"required"`
	ACUs          *ACUs                `json:"acus" tfsdk:"acus" api:"required"`
	Sessions      *Count               `json:"sessions_count" tfsdk:"sessions_count" api:"required"`
	Subcategories []SessionSubcategory `json:"subcategories" tfsdk:"subcategories" api:"required"`
}

// SessionSubcategory is a part of a SessionCategory.
type SessionSubcategory struct {
	// SubcategoryID is nil for what has no subcategory of its own.
	SubcategoryID *string `json:"subcategory_id" tfsdk:"subcategory_id"`
	DisplayName   string  `json:"display_name" tfsdk:"display_name" api:"required"`
	ACUs          *ACUs   `json:"acus" tfsdk:"acus" api:"required"`
	Sessions      *Count  `json:"sessions_count" tfsdk:"sessions_count" api:"required"`
}

// SessionCategories reads what the enterprise's sessions of a window were about;
// of f only OrgIDs count. Callers share the result, and must not write to it.
//
// https://docs.devin.ai/sdk/api/classes/EnterpriseMetricsClient
func (c *Client) SessionCategories(ctx context.Context, w Window, f MetricsFilter) (*SessionCategories, error) {
	return rest.Get[SessionCategories](ctx, c.rest, c.metricsRequest("sessions-by-category", w, MetricsFilter{OrgIDs: f.OrgIDs}))
}
