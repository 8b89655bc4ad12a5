output "members" {
  description = "How many members have the default limit, and how many another."
  value = {
    default    = length([for limit in values(local.limits) : limit if limit == var.default_limit])
    exceptions = length([for limit in values(local.limits) : limit if limit != var.default_limit])
  }
}
