// Links an account and stays: node account.js ISSUER CLIENT_ID CLIENT_SECRET REDIRECT_URI USER PASSWORD SCOPE
// Prints {"access_token": …}; then, for each line "revoke" on its input, the user takes the access back in the console, and "revoked" is printed.
import { createInterface } from 'node:readline';
import { Browser } from './browser.js';

const [issuer, clientId, secret, redirectUri, user, password, scope] = process.argv.slice(2);
const metadata = await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json();
const request = new URL(metadata.authorization_endpoint);
request.search = new URLSearchParams({ response_type: 'code', client_id: clientId, redirect_uri: redirectUri, scope, state: 'a-state' });

const browser = new Browser();
const consent = await browser.submit(await browser.open(request), '/login', { username: user, password });
const { callback } = await browser.submit(consent, '/oauth/authorize', { decision: 'allow' });
const answer = await fetch(metadata.token_endpoint, {
  method: 'POST',
  headers: { authorization: `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64')}` },
  body: new URLSearchParams({ grant_type: 'authorization_code', code: callback.searchParams.get('code'), redirect_uri: redirectUri }),
});
console.log(JSON.stringify({ access_token: (await answer.json()).access_token }));

for await (const line of createInterface({ input: process.stdin })) {
  if (line !== 'revoke') continue;
  const page = await browser.open(new URL('/connected-clouds', issuer));
  const action = /<form[^>]* action="([^"]*revoke[^"]*)"/.exec(page.html)[1];
  await browser.submit(page, action, {});
  console.log('revoked');
}
