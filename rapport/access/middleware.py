"""Staff need a second factor."""


def staff_need_a_second_factor(get_response):
    return get_response
