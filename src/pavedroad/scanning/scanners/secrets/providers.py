"""Whom a live check may ask: each of Kingfisher's rules that has one, with the hosts of its provider. Pure data.

This list is the consent: a rule that is not on it is never asked about, whatever the engine could do. It was made by
reading the check of every rule of the engine; ``tests/contract/test_contract_live_checks.py`` reads them again. Left
out are checks whose host would come from the file (a tenant's URL, a connection string, a token's issuer), and checks
that would do something instead of asking: make a token, send an event or a message, use a paid service. Package
registries are not on it yet, nor is a provider whose check would try many hosts.
"""

from functools import cache

# The name of a check in the engine that is no plain request, with the host it was seen to ask.
NATIVE = {"aws.validate": "sts.us-east-1.amazonaws.com"}
# Requests by POST that only ask: a query, an introspection, a "who am I".
ASKING_POSTS = frozenset(
    {
        "https://api.ebay.com/identity/v1/oauth2/token/introspect",
        "https://api.fly.io/graphql",
        "https://api.linear.app/graphql",
        "https://api.monday.com/v2",
        "https://api.runpod.io/graphql",
        "https://api.tailscale.com/api/v2/secret-scanning/verify",
        "https://api.vercel.com/login/oauth/token/introspect",
        "https://api.vercel.com/login/oauth/userinfo",
        "https://api.wandb.ai/graphql",
        "https://gitlab.com/api/v4/runners/verify",
        "https://slack.com/api/auth.test",
        "https://sourcegraph.com/.api/graphql",
    }
)
# A line: the host, or several joined by "+", then the rules. Names without a namespace are the engine's "betterleaks.".
_TABLE = """
a.klaviyo.com klaviyo-api-key
api-ch-gva-2.exoscale.com exoscale-api-key
api-sandbox.asaas.com+api.asaas.com asaas-api-token
api-ssl.bitly.com bitly-access-token
api.abuseipdb.com abuseipdb-api-key.1
api.airtable.com airtable-oauth-token airtable-personnal-access-token
api.aiven.io aiven-auth-token
api.anthropic.com anthropic-admin-api-key anthropic-api-key
api.apify.com apify-api-token
api.astra.datastax.com datastax-astra-application-token
api.authress.io authress-service-client-access-key
api.bitrise.io bitrise-access-token
api.box.com box-api-access-token
api.brevo.com sendinblue-api-token
api.browserstack.com browserstack-access-key.1
api.buildkite.com buildkite-user-access-token
api.ca.onfido.com onfido-live-api-token-ca
api.cartesia.ai cartesia-api-key.1
api.cerebras.ai cerebras-api-key
api.checkout.com checkout-secret-key
api.civo.com civo-api-key
api.clerk.com clerk-secret-key
api.clickhouse.cloud clickhouse-cloud-api-secret-key
api.clickup.com clickup-personal-api-token
api.cloud.llamaindex.ai llama-cloud-api-key.1
api.cloudflare.com cloudflare-api-key.1 cloudflare-api-key.2 veles.secrets/cloudflareapitoken
api.cloudinary.com cloudinary-api-secret
api.cloudsmith.io cloudsmith-api-key
api.codecov.io codecov-access-token
api.cohere.com cohere-api-token
api.cursor.com cursor-api-key
api.datadoghq.com datadog-api-key
api.deepseek.com deepseek-api-key
api.deno.com deno-account-token veles.secrets/denopatorg
api.devin.ai devin-personal-api-key devin-service-api-key devin-service-user-token
api.digitalocean.com veles.secrets/digitaloceanapikey
api.ebay.com ebay-client-secret
api.elastic-cloud.com elastic-cloud-api-key
api.etsy.com etsy-open-api-key
api.eu.nylas.com+api.us.nylas.com nylas-api-key.1
api.eu.onfido.com onfido-live-api-token-eu
api.eu.opsgenie.com+api.opsgenie.com opsgenie-api-key.1
api.fal.ai fal-api-key.1
api.fastly.com fastly-api-token
api.figma.com figma-personal-access-header-token figma-personal-access-token
api.fly.io flyio-access-token
api.frame.io frameio-api-token
api.freshbooks.com freshbooks-access-token
api.fullstory.com fullstory-api-key
api.getpostman.com veles.secrets/postmanapikey
api.github.com github-app-token github-fine-grained-pat github-oauth github-pat github-refresh-token
api.gocardless.com gocardless-api-token
api.groq.com groq-api-key
api.gumroad.com gumroad-access-token
api.heroku.com veles.secrets/herokuplatformkey
api.honeycomb.io honeycomb-api-key
api.hunter.io hunter-api-key.1
api.infomaniak.com infomaniak-api-token
api.instantly.ai instantly-api-key.1
api.linear.app linear-api-key
api.mailersend.com mailersend-api-token
api.mailgun.net mailgun-private-api-token
api.meraki.com cisco-meraki-api-key
api.mercury.com mercury-production-api-token
api.mergify.com mergify-application-key
api.midtrans.com midtrans-production-server-client-key
api.minimax.io minimax-api-key
api.miro.com miro-access-token
api.mistral.ai mistral-api-key
api.monday.com monday-api-token.1
api.moonshot.ai kimi-api-key
api.mux.com mux-access-token-secret.1
api.ngrok.com ngrok-api-key.1
api.notification.canada.ca canadian-digital-service-notify-api-key
api.onesignal.com onesignal-rich-authentication-token
api.openai.com openai-api-key
api.openweathermap.org openweather-api-key
api.paddle.com paddle-live-api-key
api.pagerduty.com pagerduty-authorization-token.1
api.pinecone.io pinecone-api-key.1 pinecone-api-key.2
api.pinterest.com pinterest-access-token
api.planetscale.com planetscale-api-token
api.plivo.com plivo-auth-token
api.polar.sh polar-oauth-access-token polar-organization-access-token polar-personal-access-token
api.postman.com veles.secrets/postmancollectiontoken
api.postmarkapp.com postmark-api-token.1
api.rainforestpay.com rainforest-pay-production-api-key
api.razorpay.com razorpay-key-secret.1
api.render.com render-api-key
api.replicate.com replicate-api-token
api.resend.com resend-api-key.1
api.retellai.com retell-api-key.1
api.rootly.com rootly-api-key.1
api.runpod.io runpod-api-key.1
api.samsara.com samsara-api-token.1
api.scaleway.com scaleway-secret-key
api.search.brave.com brave-search-api-key
api.segmentapis.com segment-public-api-token.1
api.sendgrid.com sendgrid-api-token veles.secrets/sendgrid
api.smith.langchain.com langchain-langsmith-personal-access-token langchain-langsmith-service-key
api.stripe.com stripe-access-token
api.supabase.com supabase-management-token
api.tailscale.com tailscale-api-key.1
api.telnyx.com telnyx-api-v2-key.1
api.together.xyz togetherai-api-key
api.upcloud.com upcloud-api-token
api.upstage.ai upstage-api-key
api.us.onfido.com onfido-live-api-token-us
api.us.ovhcloud.com ovh-application-secret
api.val.town val-town-api-token.1
api.vercel.com vercel-api-token vercel-app-access-token vercel-app-refresh-token vercel-integration-token
api.vercel.com vercel-personal-access-token
api.vultr.com vultr-api-key.1
api.wakatime.com wakatime-api-key.1 wakatime-api-key.2
api.wandb.ai weights-and-biases-api-key weights-and-biases-api-key-v1
api.weatherstack.com weatherstack-api-key.1
api.withpersona.com persona-production-api-key
api.workos.com workos-production-api-key.1
api.x.ai veles.secrets/grokxaiapikey xai-api-key
api.xendit.co xendit-production-api-key.1
app.harness.io harness-api-key
bitbucket.org veles.secrets/bitbucketcredentials
cdn-global.configcat.com configcat-sdk-key configcat-sdk-key-extended
circleci.com circleci-personal-token circleci-project-token veles.secrets/circleciproject
clob.polymarket.com polymarket-api-key
cloud.langfuse.com langfuse-secret-key.1
cloudapi.cloud.couchbase.com couchbase-capella-api-key
cockroachlabs.cloud cockroachlabs-cloud-api-key
console.jumpcloud.com jumpcloud-api-key
console.neon.tech neon-api-key
dev.zuplo.com zuplo-consumer-api-key.1
developer.nrel.gov datagov-api-key
disqus.com disqus-api-key
eu.posthog.com+us.posthog.com posthog-personal-api-key
events.1password.com 1password-service-account-token
generativelanguage.googleapis.com+www.googleapis.com gcp-api-key gcp-gemini-api
gitlab.com gitlab-cicd-job-token gitlab-deploy-token gitlab-pat gitlab-pat-routable gitlab-pat-routable-versioned
gitlab.com gitlab-ptt gitlab-rrt gitlab-runner-authentication-token gitlab-runner-authentication-token-routable
grafana.com grafana-cloud-api-token
hist.databento.com databento-api-key
huggingface.co huggingface-access-token huggingface-organization-api-token
iam.cloud.ibm.com ibm-cloud-user-api-key
id.twitch.tv twitch-api-token
kagi.com kagi-api-key
lichess.org lichess-personal-access-token
openrouter.ai openrouter-api-key veles.secrets/openrouter
paradigm.lighton.ai lighton-paradigm-api-key
redirect.pizza redirect-pizza-api-token.1
saas-api.tmprl.cloud temporal-cloud-api-key.1
scalr.io scalr-api-access-token.1
slack.com slack-bot-token slack-legacy-bot-token slack-user-token veles.secrets/slackappconfigaccesstoken
slack.com veles.secrets/slackappconfigrefreshtoken veles.secrets/slackappleveltoken
sourcegraph.com sourcegraph-access-token
sslmate.com sslmate-api-key.1
sts.aliyuncs.com alibaba-secret-key alibaba-sts-access-key-secret
sts.us-east-1.amazonaws.com aws-access-token
thunderstore.io thunderstore-api-token.1
us-east-1-1.aws.cloud2.influxdata.com influxdb-api-token
www.virustotal.com virustotal-api-key.1
www.zohoapis.com zoho-oauth-token.1
"""


@cache
def providers() -> dict[str, frozenset[str]]:
    """The hosts by rule, under the engine's own names."""
    found: dict[str, frozenset[str]] = {}
    for line in _TABLE.strip().splitlines():
        hosts, *rules = line.split()
        for rule in rules:
            found[rule if "/" in rule else f"betterleaks.{rule}"] = frozenset(hosts.split("+"))
    return found


@cache
def all_hosts() -> tuple[str, ...]:
    """Every host that may be asked, sorted."""
    return tuple(sorted({host for hosts in providers().values() for host in hosts}))
