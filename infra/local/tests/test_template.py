import unittest

import context  # noqa: F401
from template import Template, variable, with_values


class TemplateTest(unittest.TestCase):
    def test_functions_are_known_by_their_folder_with_their_route(self):
        functions = Template().functions
        health = functions["health"]
        self.assertEqual(("GET", "/api/health"), (health.method, health.path))
        self.assertIsNone(functions["rebuild"].path)

    def test_the_code_of_each_function_is_replaced_and_nothing_else(self):
        template = Template()
        body = template.with_code({"Health": ("bucket", "key.zip")})
        self.assertEqual({"Bucket": "bucket", "Key": "key.zip"}, body["Resources"]["Health"]["Properties"]["CodeUri"])
        body["Resources"]["Health"]["Properties"]["CodeUri"] = ".build/functions/health"
        self.assertEqual(template.body, body)

    def test_given_values_are_the_defaults_that_sam_sees(self):
        body = {"Parameters": {"Origins": {"Type": "CommaDelimitedList"}, "From": {"Type": "String", "Default": "x"}}}
        changed = with_values(body, {"Origins": "http://a,https://b", "From": "a@b"})
        self.assertEqual({"Origins": ["http://a", "https://b"], "From": "a@b"}, {
            name: parameter["Default"] for name, parameter in changed["Parameters"].items()
        })
        self.assertEqual({"Type": "CommaDelimitedList"}, body["Parameters"]["Origins"])

    def test_short_forms_become_long_ones(self):
        outputs = Template().body["Outputs"]
        self.assertEqual({"Fn::GetAtt": ["Api", "ApiEndpoint"]}, outputs["ApiUrl"]["Value"])
        self.assertEqual({"Ref": "Api"}, outputs["ApiId"]["Value"])

    def test_a_variable_is_the_parameter_in_capitals(self):
        self.assertEqual("WEBHOOK_KEY_DIGESTS", variable("WebhookKeyDigests"))
        self.assertEqual("SUPABASE_LANDING_URL", variable("SupabaseLandingUrl"))


if __name__ == "__main__":
    unittest.main()
