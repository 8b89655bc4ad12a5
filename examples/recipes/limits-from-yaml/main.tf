# Limits of organizations from a YAML file, by their names. Limits that Devin already has
# are imported.
#
# There is no provider block, because the key comes from DEVIN_API_KEY. Terraform allows
# import blocks only in the root module, so this folder does not work as a module.

terraform {
  required_version = ">= 1.8"

  required_providers {
    devin = {
      source = "devin-community/devin"
    }
  }
}

locals {
  text = file(var.file)
  file = yamldecode(local.text)

  wrong = try([for name, acus in local.file : name if !try(acus >= 0 && floor(acus) == acus, false)], [var.file])

  # If two lines have the same name, yamldecode silently takes the last one.
  names = [for name in flatten(regexall("(?m)^([^\\s#-].*?)\\s*:(?:\\s|$)", local.text)) : trim(name, "\"'")]
  twice = [for name in distinct(local.names) : name if length([for other in local.names : other if other == name]) > 1]
}

data "devin_acu_headroom" "now" {
  lifecycle {
    precondition {
      condition     = length(local.wrong) == 0
      error_message = "Each line of ${var.file} is the name of an organization and a whole number of ACUs, such as Platform: 4000. These are not:\n${join("\n", local.wrong)}"
    }
    precondition {
      condition     = length(local.twice) == 0
      error_message = "These organizations have two lines in ${var.file}:\n${join("\n", local.twice)}"
    }
    postcondition {
      condition = alltrue([for name in keys(local.file) : 1 == length([for org in self.organizations : org if org.name == name || org.org_id == name])])
      error_message = "Not exactly one organization has these names. Where two have one name, give their ids:\n${join("\n", [
        for name in keys(local.file) : name if 1 != length([for org in self.organizations : org if org.name == name || org.org_id == name])
      ])}"
    }
  }
}

locals {
  organizations = data.devin_acu_headroom.now.organizations

  limits = merge([
    for org in local.organizations : { for name, acus in local.file : org.org_id => acus if org.name == name || org.org_id == name }
  ]...)

  imports = setintersection(keys(local.limits), [for org in local.organizations : org.org_id if contains(org.limits[*].name, "acu_limit")])
}

import {
  for_each = local.imports
  to       = devin_organization_acu_limit.this[each.key]
  id       = each.key
}

resource "devin_organization_acu_limit" "this" {
  for_each = local.limits

  org_id          = each.key
  cycle_acu_limit = each.value
}
