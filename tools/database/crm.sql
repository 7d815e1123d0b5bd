-- The sample database: customers of a small shop, in two schemas, with the column types that people meet.

CREATE TABLE public.customers (
    customer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    external_id uuid NOT NULL UNIQUE,
    email text NOT NULL,
    country varchar(2) NOT NULL,
    newsletter boolean NOT NULL DEFAULT false,
    born_on date,
    tags text[] NOT NULL DEFAULT '{}',
    attributes jsonb NOT NULL DEFAULT '{}',
    created_at timestamp with time zone NOT NULL DEFAULT now()
);

CREATE TABLE public.consents (
    customer_id bigint NOT NULL REFERENCES public.customers,
    purpose text NOT NULL,
    given boolean NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    PRIMARY KEY (customer_id, purpose)
);

CREATE SCHEMA sales;

CREATE TABLE sales.orders (
    order_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES public.customers,
    ordered_at timestamp without time zone NOT NULL,
    discount real
);

CREATE TABLE sales.order_lines (
    order_id integer NOT NULL REFERENCES sales.orders,
    line smallint NOT NULL,
    article text NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    price numeric(12, 2) NOT NULL,
    weight double precision,
    PRIMARY KEY (order_id, line)
);

CREATE VIEW sales.revenue_by_country AS
SELECT c.country, sum(l.quantity * l.price) AS revenue
FROM public.customers AS c
JOIN sales.orders AS o USING (customer_id)
JOIN sales.order_lines AS l USING (order_id)
GROUP BY c.country;

INSERT INTO public.customers (external_id, email, country, newsletter, born_on, tags, attributes) VALUES
    ('6f2d2c5e-0f67-4d0e-9c1b-1f1f7b6f0a01', 'ada@example.com', 'GB', true, '1985-12-10', '{vip,early}', '{"tier": 1}'),
    ('6f2d2c5e-0f67-4d0e-9c1b-1f1f7b6f0a02', 'grace@example.com', 'US', false, '1986-12-09', '{}', '{"tier": 2}'),
    ('6f2d2c5e-0f67-4d0e-9c1b-1f1f7b6f0a03', 'jürgen@example.com', 'DE', true, NULL, '{vip}', '{}');

INSERT INTO public.consents VALUES
    (1, 'email', true, '2025-01-05 08:00:00+00'),
    (2, 'email', false, '2025-02-11 12:30:00+00');

INSERT INTO sales.orders (customer_id, ordered_at, discount) VALUES
    (1, '2025-03-01 10:15:00', NULL),
    (3, '2025-03-02 17:40:00', 0.05);

INSERT INTO sales.order_lines VALUES
    (1, 1, 'Notebook, ruled', 3, 4.90, 0.21),
    (1, 2, 'Pencil', 12, 0.85, NULL),
    (2, 1, 'Ink, 50 ml', 1, 11.50, 0.13);
