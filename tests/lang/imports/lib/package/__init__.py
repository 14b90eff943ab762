print("package is executed")
value = "package value"
