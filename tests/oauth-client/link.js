// Links an account and works with it: node link.js ISSUER CLIENT_ID CLIENT_SECRET|- REDIRECT_URI USER PASSWORD SCOPE
// The last line is a JSON value with what was found.
import assert from 'node:assert/strict';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { Browser } from './browser.js';

const [issuer, clientId, secret, redirectUri, user, password, scope] = process.argv.slice(2);

// Both discovery documents, and the issuer to the letter.
const oauth2 = await client.discovery(new URL(issuer), clientId, undefined, undefined, { algorithm: 'oauth2' });
const config = await client.discovery(new URL(issuer), clientId, secret === '-' ? undefined : secret, secret === '-' ? client.None() : client.ClientSecretBasic(secret));
assert.equal(config.serverMetadata().issuer, issuer);
assert.deepEqual(oauth2.serverMetadata().token_endpoint, config.serverMetadata().token_endpoint);

const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const request = client.buildAuthorizationUrl(config, {
  redirect_uri: redirectUri, scope, state, code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
});

const browser = new Browser();
const consent = await browser.submit(await browser.open(request), '/login', { username: user, password });
const { callback } = await browser.submit(consent, '/oauth/authorize', { decision: 'allow' });
assert.ok(callback.href.startsWith(redirectUri), callback.href);

// Checks state and iss (RFC 9207).
const tokens = await client.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier, expectedState: state });
const claims = await verify(tokens.access_token);
assert.equal(claims.client_id, clientId);
assert.equal(await call(tokens.access_token), 200);

const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
assert.notEqual(refreshed.refresh_token, tokens.refresh_token);
assert.equal((await verify(refreshed.access_token)).sub, claims.sub);
assert.equal((await client.tokenIntrospection(config, refreshed.access_token)).active, true);

await client.tokenRevocation(config, refreshed.refresh_token);
const started = Date.now();
while (await call(tokens.access_token) !== 401) {
  assert.ok(Date.now() - started < 5000, 'the access token outlived its refresh token by more than 5 s');
  await new Promise(resolve => setTimeout(resolve, 100));
}
await assert.rejects(client.refreshTokenGrant(config, refreshed.refresh_token), { error: 'invalid_grant' });
console.log(JSON.stringify({ sub: claims.sub, scope: claims.scope }));

// By the published keys, as any resource server would (RFC 9068, 4).
async function verify(token) {
  const call = new Request(issuer, { headers: { authorization: `Bearer ${token}` } });
  return await oauth.validateJwtAccessToken(config.serverMetadata(), call, 'ocfcloud');
}

async function call(token) {
  return (await fetch(new URL('/mediator/v1/devices', issuer), { headers: { authorization: `Bearer ${token}` } })).status;
}
