package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/devin-community/terraform-provider-devin/internal/devin"
	"github.com/devin-community/terraform-provider-devin/internal/explain"
)

func newConnectionCheckDataSource() datasource.DataSource {
	return &dataSource[connectionCheckDataModel]{
		name:   "connection_check",
		action: "check the API key",
		about: about{
			group: groupConnection, requests: checkRequests, permissionTable: true,
			notes: "The check usually sends five requests, and one more for each further permission that is required. If `/v3/self` answers 401 or cannot be reached, it sends only that one. " +
				"Devin has no endpoint that lists a key's permissions, so the check tries each of them with the smallest request that needs it.\n\n" +
				organizationCheckNote + "\n\n" +
				"A bad key does not fail this data source. It fails when it cannot send a request: without a key, " +
				"or with settings of the provider that are known only after apply. " +
				"[Checking a key at plan time](../guides/checking-a-key.md) compares it with the resource of the same name, " +
				"and [Error codes](../guides/error-codes.md) explains each `error_code`.",
		},
		schema: connectionCheckDataSchema,
		read:   ofKey(readConnectionCheck),
		fails: []failure{
			{"Unknown permission", "`required_permissions` has a name that is no permission, or one that cannot be checked."},
			{"Not a permission of an organization", "`required_permissions` has a permission that exists for the enterprise only, and the provider has an `org_id`."},
		},
	}
}

func connectionCheckDataSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Checks that the provider's Devin API key works and has the permissions to read usage. " +
			"It reports the result and does not fail: use it in `check` blocks, preconditions and postconditions with messages of your own. " +
			"The resource `devin_connection_check` fails the plan instead.",
		Attributes: attributes(principalAttributes(), map[string]schema.Attribute{
			"required_permissions": schema.ListAttribute{
				Optional:            true,
				ElementType:         types.StringType,
				MarkdownDescription: requiredPermissionsDescription,
				Validators:          requiredPermissionsValidators,
			},
			"ok": computedBool("Whether the key works, has every required permission, and sees an enterprise."),
			"error_code": computedString("What is wrong: `invalid_credentials`, `invalid_permissions`, `forbidden`, `unauthorized`, `no_resources`, " +
				"or `unavailable` when Devin could not be asked; null when `ok` is `true`."),
			"summary": computedString("The result in one line, with the code first."),
			"message": computedString("The result as a text: the summary, what to do next, and the requests with their answers."),
			"permissions": schema.MapAttribute{
				Computed:            true,
				ElementType:         types.BoolType,
				MarkdownDescription: "Whether the key has each required permission, by the permission's older name; null where the check cannot tell.",
			},
			"missing_permissions": computedStrings("The required permissions that Devin denied, by their older names; empty when none was."),
			"checks": computedRows("The requests of the check, in a fixed order.", map[string]schema.Attribute{
				"name": computedString("What the request reads: `self`, `members`, `consumption`, `pr_metrics`, `organizations`, `sessions`, `code_scan_findings`, " +
					"`service_user_api_keys`, `audit_logs`, `hypervisors`, and `idp_members` when the check needed it."),
				"permission": computedString("The permission that the request needs, by its older name; null where it needs none. " +
					"Unless it is required, the check can do without `ManageOrganizations`: it looks for members then."),
				"endpoint":    computedString("Method and path of the request."),
				"status_code": computedInt("HTTP status of the answer; null when there was none."),
				"ok":          computedBool("Whether the request succeeded."),
				"message":     computedString("The result of the request as a text."),
			}),
		}),
	}
}

type connectionCheckDataModel struct {
	RequiredPermissions types.List `tfsdk:"required_permissions"`
	devin.Principal
	OK                 *bool            `tfsdk:"ok"`
	ErrorCode          *string          `tfsdk:"error_code"`
	Summary            *string          `tfsdk:"summary"`
	Message            *string          `tfsdk:"message"`
	Permissions        map[string]*bool `tfsdk:"permissions"`
	MissingPermissions []string         `tfsdk:"missing_permissions"`
	Checks             []checkModel     `tfsdk:"checks"`
}

type checkModel struct {
	Name       string  `tfsdk:"name"`
	Permission *string `tfsdk:"permission"`
	Endpoint   string  `tfsdk:"endpoint"`
	StatusCode *int64  `tfsdk:"status_code"`
	OK         bool    `tfsdk:"ok"`
	Message    string  `tfsdk:"message"`
}

func readConnectionCheck(ctx context.Context, client *devin.Client, m *connectionCheckDataModel) error {
	connection, err := checkConnection(ctx, client, m.RequiredPermissions, nil)
	if err != nil {
		return err
	}
	if connection.Principal != nil {
		m.Principal = *connection.Principal
	}
	ok, summary := connection.Code == devin.OK, explain.CheckPassed(connection)
	message := summary
	if !ok {
		code := string(connection.Code)
		m.ErrorCode = &code
		failed := explain.CheckFailed(connection)
		summary, message = failed.Summary, failed.String()
	}
	m.OK, m.Summary, m.Message, m.Permissions = &ok, &summary, &message, permissionsOf(connection)
	m.MissingPermissions = make([]string, len(connection.Missing))
	for i, permission := range connection.Missing {
		m.MissingPermissions[i] = permission.Name
	}
	m.Checks = make([]checkModel, len(connection.Checks))
	for i, check := range connection.Checks {
		m.Checks[i] = checkModel{
			Name: check.Name, Endpoint: check.Method + " " + check.Path,
			OK: check.Err == nil && !check.NotAsked, Message: explain.CheckRequest(check),
		}
		if check.Permission != nil {
			m.Checks[i].Permission = &check.Permission.Name
		}
		if status := int64(check.Status); status != 0 && !check.NotAsked {
			m.Checks[i].StatusCode = &status
		}
	}
	return nil
}

// permissionsOf says of each required permission whether the key has it; nil where the
// check cannot tell.
func permissionsOf(c *devin.Connection) map[string]*bool {
	has := map[string]*bool{}
	for _, check := range c.Checks {
		if !check.Required || has[check.Permission.Name] != nil {
			continue
		}
		granted := check.Err == nil
		if check.NotAsked || !granted && !slices.Contains(c.Missing, check.Permission) {
			has[check.Permission.Name] = nil
			continue
		}
		has[check.Permission.Name] = &granted
	}
	return has
}
