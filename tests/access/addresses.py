"""Where one signs in."""

LOGIN, CODE, CONFIRM = "/account/login/", "/account/login/code/", "/account/login/code/confirm/"
FACTOR, ENROL = "/account/2fa/authenticate/", "/account/2fa/totp/activate/"
RESET = "/account/password/reset/"
