package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
)

func newServiceUserAPIKeysDataSource() datasource.DataSource {
	return &dataSource[serviceUserAPIKeysModel]{
		name:   "service_user_api_keys",
		action: "list the API keys of the service users",
		about: about{
			group: groupSecurity,
			requests: []endpoint{
				{"/v3/enterprise/members/service-users", "service-users/members-service-users", devin.MembershipPermission, "once for every 200 service users"},
				{"/v3/enterprise/members/service-users/{service_user_id}", "", devin.MembershipPermission, "with `service_user_ids`, once for each of up to 20, for their names"},
				{"/v3beta1/enterprise/service-users/{service_user_id}/api-keys", "", devin.ServiceUsersPermission, "once for each service user, and once more for every further 200 of its keys"},
			},
			notes: "The result does not contain the keys themselves: Devin shows a key only once, when it is created. The endpoint is [in beta](https://docs.devin.ai/api-reference/v3/overview). " +
				"With more than 20 `service_user_ids`, names come from the list. Those that cannot be read are null, with a warning.",
		},
		schema: serviceUserAPIKeysSchema,
		read:   ofEnterprise(readServiceUserAPIKeys),
	}
}

func serviceUserAPIKeysSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists the API keys of the enterprise's service users: when they were created and last used, when they expire, and which of them expire soon.",
		Attributes: attributes(enterpriseAttributes(), rowsAttributes("keys"), map[string]schema.Attribute{
			"service_user_ids":    idList("The service users whose keys are read, by their ids. Default: all."),
			"include_inactive":    optionalBool("Whether to also read the keys of service users that have expired or were removed. Default: `false`."),
			"expires_within_days": optionalWhole("How many days from today, in UTC, `expiring` looks ahead; 0 is today.", 0, 3650),
			"keys": computedRows("The keys, those that have expired or were revoked included, sorted by `service_user_id`, `created_at` and `api_key_id`. Null unless `format` is `objects`.",
				apiKeyAttributes()),
			"unknown_service_user_ids": unknownIDs("service users"),
			"expiring":                 computedRows("With `expires_within_days`, the active keys that expire by then, in the order of `keys`; null without it.", apiKeyAttributes()),
		}),
	}
}

func apiKeyAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"service_user_id":   computedString("The service user whose key it is."),
		"service_user_name": computedString("The name of the service user; null where it could not be read."),
		"api_key_id":        computedString("The id of the key. It is not the key."),
		"api_key_name":      computedString("The name of the key; null where it has none."),
		"created_at":        computedString("When the key was created, in UTC as RFC 3339."),
		"expires_at":        computedString("When the key expires or has expired, in UTC as RFC 3339; null for a key that never does."),
		"last_used_at":      computedString("When the key was last used, in UTC as RFC 3339; null where Devin knows of no use."),
		"is_active":         computedBool("Whether Devin accepts the key."),
		"revoked_at":        computedString("When the key was revoked, in UTC as RFC 3339; null for a key that was not."),
	}
}

type serviceUserAPIKeysModel struct {
	enterpriseModel
	rowsModel
	ServiceUserIDs    []string      `tfsdk:"service_user_ids"`
	IncludeInactive   types.Bool    `tfsdk:"include_inactive"`
	ExpiresWithinDays types.Number  `tfsdk:"expires_within_days"`
	UnknownIDs        []string      `tfsdk:"unknown_service_user_ids"`
	Keys              []apiKeyModel `tfsdk:"keys"`
	Expiring          []apiKeyModel `tfsdk:"expiring"`
}

type apiKeyModel struct {
	ServiceUserID   string  `tfsdk:"service_user_id"`
	ServiceUserName *string `tfsdk:"service_user_name"`
	devin.ServiceUserAPIKey
}

func readServiceUserAPIKeys(ctx context.Context, client *devin.Client, m *serviceUserAPIKeysModel) error {
	report, err := client.ServiceUsersAPIKeys(ctx, devin.Selection{IDs: m.ServiceUserIDs}, m.IncludeInactive.ValueBool())
	if err != nil {
		return err
	}
	m.UnknownIDs = report.Unknown
	keys := []apiKeyModel{}
	for _, user := range report.Readings {
		if user.Value == nil {
			continue // Devin does not know the service user
		}
		for _, key := range *user.Value {
			keys = append(keys, apiKeyModel{user.ID, user.Name, key})
		}
	}
	if days := wholeNumber(m.ExpiresWithinDays); days != nil {
		last := devin.UTCDayAt(client.Now()) + devin.Day(*days)
		m.Expiring = []apiKeyModel{}
		for _, key := range keys {
			if key.ExpiresBy(last) {
				m.Expiring = append(m.Expiring, key)
			}
		}
	}
	return setRows(ctx, &m.rowsModel, &m.Keys, keys)
}
