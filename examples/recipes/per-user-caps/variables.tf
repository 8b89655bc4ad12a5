variable "idp_group" {
  description = "The name of the identity provider's group whose members get a limit."
  type        = string
}

variable "default_limit" {
  description = "The ACUs that a member of the group may consume in a billing cycle."
  type        = number
}

variable "exceptions" {
  description = "The limits in ACUs of members who get another limit, by email address."
  type        = map(number)
  default     = {}
}
