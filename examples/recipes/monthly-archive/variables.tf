variable "by_product" {
  description = "Whether each row also has the ACUs of each product."
  type        = bool
  default     = true
}
