region         = "eu-central-1"
instance_count = 2
db_username    = "shop"
db_password    = "57JklV3rgLLcmZspJfUGuM"
